// Written by `npm run indexes` from the files beside it.
import { routes as auth } from './auth/routes.js';
import { routes as conversations } from './conversations/routes.js';
import { routes as inboxes } from './inboxes/routes.js';
import { routes as labels } from './labels/routes.js';
import { routes as uploads } from './uploads/routes.js';
import { routes as users } from './users/routes.js';
import { routes as webhookEvents } from './webhook-events/routes.js';
import { routes as widget } from './widget/routes.js';

/** The routes of every resource, by its folder. */
export const resources = { auth, conversations, inboxes, labels, uploads, users, webhookEvents, widget };
