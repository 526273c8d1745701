import { z } from 'zod';
import { authenticatedUser } from '../../commands/access/authenticated-user.js';
import { deviceTokenFor } from '../../commands/access/known-places.js';
import { logIn } from '../../commands/access/log-in.js';
import { logOut } from '../../commands/access/log-out.js';
import { refreshSession } from '../../commands/access/refresh-session.js';
import { presentLoggedIn } from '../../presenters/logged-in.js';
import { presentUser } from '../../presenters/user.js';
import type { LimitPolicy } from '../../storage/rate-limits.js';
import { loggedIn, logInInput, refreshInput, whoAmI } from '../../shared/schemas/auth.js';
import { defineRoute, type Route } from '../route.js';

/** A whole office may sit behind one address, and each tab refreshes four times an hour. */
const OFFICE: LimitPolicy = { name: 'sessions', points: 600, seconds: 15 * 60 };

/** Logging in and out (SPEC 3.1). */
export const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/auth/login',
    access: 'public',
    summary: 'Log in',
    input: { body: logInInput },
    output: loggedIn,
    rateLimit: OFFICE,
    handle: async ({ hub, limits, input, request, keepDevice }) => {
      const loggedIn = await logIn(hub, limits, { ...input.body, ...request });
      keepDevice(deviceTokenFor(hub, loggedIn.user, request.deviceToken));
      return presentLoggedIn(loggedIn);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/refresh',
    access: 'public',
    summary: 'Exchange a refresh token; using one again later than 10 seconds after ends the session',
    input: { body: refreshInput },
    output: loggedIn,
    rateLimit: OFFICE,
    handle: async ({ hub, input }) => presentLoggedIn(await refreshSession(hub, input.body.refreshToken)),
  }),
  defineRoute({
    method: 'post',
    path: '/auth/logout',
    access: 'public',
    summary: 'Log out: end the session of this refresh token',
    input: { body: refreshInput },
    output: z.null(),
    rateLimit: OFFICE,
    handle: async ({ hub, input }) => {
      await logOut(hub, input.body.refreshToken);
      return null;
    },
  }),
  defineRoute({
    method: 'get',
    path: '/auth/me',
    access: 'staff',
    ability: 'profile.view',
    summary: 'Who I am',
    input: {},
    output: whoAmI,
    handle: async ({ actor }) => {
      const user = await authenticatedUser(actor);
      return { user: presentUser(user), scopeRev: user.scopeRev };
    },
  }),
];
