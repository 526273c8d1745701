import { deviceTokenFor } from '../../commands/access/known-places.js';
import { isSetUpNeeded, setUp } from '../../commands/access/set-up.js';
import { presentLoggedIn } from '../../presenters/logged-in.js';
import type { LimitPolicy } from '../../storage/rate-limits.js';
import { loggedIn, setUpInput, setUpState, type DemoLogin } from '../../shared/schemas/auth.js';
import { defineRoute, type Route } from '../route.js';

/** Wrong set-up codes are among them. */
const TRIES: LimitPolicy = { name: 'set-up', points: 20, seconds: 15 * 60 };

/** First-run set-up (SPEC 3.1). */
export const setUpRoutes = (demoLogins: readonly DemoLogin[]): Route[] => [
  defineRoute({
    method: 'get',
    path: '/setup',
    access: 'public',
    summary: 'Whether the first admin is still to be made',
    input: {},
    output: setUpState,
    handle: async () => ({
      needed: await isSetUpNeeded(),
      ...(demoLogins.length === 0 ? {} : { demoLogins: [...demoLogins] }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/setup',
    access: 'public',
    summary: 'Make the first admin; only while there is nobody, and with the set-up code that every start prints',
    input: { body: setUpInput },
    output: loggedIn,
    rateLimit: TRIES,
    status: 201,
    handle: async ({ hub, input, request, keepDevice }) => {
      const loggedIn = await setUp(hub, { ...input.body, ...request });
      keepDevice(deviceTokenFor(hub, loggedIn.user, request.deviceToken));
      return presentLoggedIn(loggedIn);
    },
  }),
];
