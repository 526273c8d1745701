import type { RequestListener } from 'node:http';
import type { Redis } from 'ioredis';
import Koa, { type Context, type Middleware } from 'koa';
import compress from 'koa-compress';
import type { Hub } from '../hub.js';
import { notFound } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import type { Limits } from '../storage/rate-limits.js';
import { apiDocs } from './docs/docs.js';
import { health, redisCheck, storeCheck, type ReadinessCheck } from './health/health.js';
import { crossOrigin } from './middleware/cross-origin.js';
import { createDrain } from './middleware/drain.js';
import { limitPages } from './middleware/rate-limit.js';
import { ownHostOnly } from './middleware/own-host.js';
import { requestContext } from './middleware/request-context.js';
import { securityHeaders } from './middleware/security-headers.js';
import { defaultWebRoot, servePages } from './middleware/serve-pages.js';
import { mountRoutes } from './mount-routes.js';
import { isCutOff, renderErrors } from './on-error.js';
import type { Route } from './route.js';
import { apiRoutes } from './router.js';
import type { DemoLogin } from '../shared/schemas/auth.js';

/** What the HTTP application is given besides the hub. */
export interface AppParts {
  /** Asked by `/readyz`; null: there is none. */
  redis: Redis | null;
  limits: Limits;
  faults: ClientFaults;
  /** Takes webhooks with their raw bytes, before anything else looks at the request. */
  ingress?: Middleware;
  /** Answers outside `/api`, such as files; after the security headers, before the pages. */
  routers?: readonly Middleware[];
  /** Dependencies besides the store and Redis that `/readyz` asks. */
  checks?: readonly ReadinessCheck[];
  /** Shown on the log-in page of a demo. */
  demoLogins?: readonly DemoLogin[];
  /** Folder of the built pages. */
  webRoot?: string;
  /** Takes the place of the routes of `router.ts`. */
  routes?: readonly Route[];
}

/** The HTTP side of one process. */
export interface HttpApp {
  listener: RequestListener;
  /** Answers what is running, closing each connection; settles when nothing runs any more (SPEC R7). */
  stop(): Promise<void>;
}

/** What no route answers below `/api` is no page either. */
const noRoute: Middleware = (ctx, next) => {
  if (ctx.path !== '/api' && !ctx.path.startsWith('/api/')) return next();
  throw notFound('This address');
};

/**
 * Builds the application from the outside in.
 * @throws PolicyMissingError, LooseSchemaError when a route lacks what it has to have.
 */
export function createApp(hub: Hub, parts: AppParts): HttpApp {
  const { redis, limits, faults, ingress, routers = [], checks = [] } = parts;
  const routes = parts.routes ?? apiRoutes(hub.env.DEMO ? (parts.demoLogins ?? []) : []);
  const drain = createDrain();
  const allChecks = [storeCheck, ...(redis === null ? [] : [redisCheck(redis)]), ...checks];

  const app = new Koa({ proxy: hub.env.TRUST_PROXY, maxIpsCount: 1 });
  app.on('error', (error: unknown, ctx?: Context) => {
    if (ctx !== undefined && isCutOff(error, ctx))
      faults.note('http', 'CUT_OFF', { method: ctx.method, path: ctx.path });
    else hub.logger.warn('http', 'an answer could not be sent', { error });
  });
  app.use(requestContext);
  app.use(renderErrors(hub.logger, faults));
  if (ingress !== undefined) app.use(ingress);
  app.use(health(allChecks, () => drain.stopping));
  app.use(securityHeaders(hub.env));
  app.use(ownHostOnly(hub.env));
  app.use(crossOrigin(hub.env));
  app.use(mountRoutes({ hub, limits }, routes));
  app.use(limitPages(hub, limits));
  app.use(apiDocs(hub.env, routes));
  app.use(noRoute);
  for (const router of routers) app.use(router);
  app.use(compress());
  app.use(servePages(hub, parts.webRoot ?? defaultWebRoot()));
  app.use(() => {
    throw notFound('This address');
  });
  const callback = app.callback();
  return { listener: drain.wrap((request, response) => void callback(request, response)), stop: () => drain.stop() };
}
