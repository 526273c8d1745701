import type { DemoLogin } from '../shared/schemas/auth.js';
import { resources } from './resources.js';
import type { Route } from './route.js';
import { setUpRoutes } from './setup/routes.js';

/** Every route under `/api`: those of first-run set-up, and of each resource's `<noun>/routes.ts`. */
export const apiRoutes = (demoLogins: readonly DemoLogin[]): Route[] => [
  ...setUpRoutes(demoLogins),
  ...Object.values(resources).flat(),
];
