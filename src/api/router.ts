import type { DemoLogin } from '../shared/schemas/auth.js';
import type { Route } from './route.js';
import { routes as auth } from './auth/routes.js';
import { routes as conversations } from './conversations/routes.js';
import { routes as inboxes } from './inboxes/routes.js';
import { setUpRoutes } from './setup/routes.js';
import { routes as uploads } from './uploads/routes.js';
import { routes as users } from './users/routes.js';
import { routes as webhookEvents } from './webhook-events/routes.js';
import { routes as widget } from './widget/routes.js';

/** Every route under `/api`; a new resource adds its line here. */
export const apiRoutes = (demoLogins: readonly DemoLogin[]): Route[] => [
  ...setUpRoutes(demoLogins),
  ...auth,
  ...users,
  ...inboxes,
  ...conversations,
  ...webhookEvents,
  ...widget,
  ...uploads,
];
