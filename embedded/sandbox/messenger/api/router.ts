import Router from '@koa/router';
import koaBody from 'koa-body';
import type { World } from '../world.js';
import { controlRoutes, pageRoutes, ruleRoutes } from './control-routes.js';
import { renderErrors } from './endpoint.js';
import { personRoutes } from './person-routes.js';
import { historyRoutes, readRoutes, streamRoute } from './read-routes.js';

export interface ScriptingOptions {
  webhookUrl: string;
  /** Brings the sandbox back to how it started with an empty directory. */
  reset: () => void;
}

/** Largest JSON body: an attachment of 25 MB as base64 and some more. */
const MAX_BODY = '36mb';

/** The scripting API below `/sandbox/api`: everything the phone page does, and what tests need. */
export function scriptingApi(world: World, { webhookUrl, reset }: ScriptingOptions): Router {
  const router = new Router({ prefix: '/sandbox/api' });
  router.use(renderErrors);
  router.use(
    koaBody({
      json: true,
      urlencoded: false,
      text: false,
      jsonLimit: MAX_BODY,
      parsedMethods: ['POST', 'PUT'],
    } as Parameters<typeof koaBody>[0]),
  );
  personRoutes(router, world);
  readRoutes(router, world, webhookUrl);
  historyRoutes(router, world);
  streamRoute(router, world);
  ruleRoutes(router, world);
  pageRoutes(router, world);
  controlRoutes(router, world, reset);
  return router;
}
