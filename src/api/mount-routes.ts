import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { answerOnce } from '../commands/access/answer-once.js';
import { auditDenials } from '../commands/access/audit-denials.js';
import { withLogContext, type Hub } from '../hub.js';
import { authorize } from '../policies/authorize.js';
import { assertPolicies, isStanding, type Actor } from '../policies/index.js';
import type { Limits } from '../storage/rate-limits.js';
import { authenticate } from './middleware/authenticate.js';
import { keepDevice, readDevice } from './middleware/device-cookie.js';
import { limitRate, limitRequest } from './middleware/rate-limit.js';
import { requestIdOf } from './middleware/request-context.js';
import { readJson } from './middleware/read-json.js';
import { repeatableOf } from './middleware/repeatable.js';
import type { RequestInfo, Route } from './route.js';

/** A route takes keys it does not know; the boot stops. */
export class LooseSchemaError extends Error {
  override readonly name = 'LooseSchemaError';
}

const routeName = (route: Route): string => `${route.method.toUpperCase()} /api${route.path}`;

const isLoose = (schema: z.ZodType | undefined): boolean =>
  schema instanceof z.ZodObject && !(schema.def.catchall instanceof z.ZodNever);

/**
 * Checks what every route has to have.
 * @throws PolicyMissingError naming each protected route without a rule; LooseSchemaError naming each that lets unknown keys in.
 */
export function assertRoutes(routes: readonly Route[]): void {
  const guarded = routes.filter((route) => route.access !== 'public' || route.ability !== undefined);
  assertPolicies(guarded.map((route) => ({ name: routeName(route), ability: route.ability })));
  const loose = routes.filter(({ input }) => [input.params, input.query, input.body].some(isLoose));
  if (loose.length > 0) throw new LooseSchemaError(`Not strict: ${loose.map(routeName).join(', ')}`);
}

const requestInfo = (ctx: Context, repeatId: string | null): RequestInfo => ({
  id: requestIdOf(ctx),
  address: ctx.ip,
  userAgent: ctx.get('User-Agent').slice(0, 300) || null,
  origin: ctx.get('Origin') || null,
  deviceToken: readDevice(ctx),
  repeatId,
});

/** Rate limits, authenticate, authorize what needs no subject, read, validate, handle, envelope (STYLE 3). */
function serve({ hub, limits }: { hub: Hub; limits: Limits }, route: Route) {
  return async (ctx: Context, params: unknown): Promise<void> => {
    const deps = { limits, hub: withLogContext(hub, { requestId: requestIdOf(ctx) }) };
    await limitRequest(deps, route, ctx);
    const actor = await authenticate(deps.hub, route.access, ctx);
    await limitRate(deps, route, actor, ctx);
    const data = await auditDenials(deps.hub, actor, () => run(deps, route, actor, ctx, params));
    ctx.status = route.status ?? 200;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { success: true, data: data ?? null };
  };
}

async function run(
  deps: { hub: Hub; limits: Limits },
  route: Route,
  actor: Actor | null,
  ctx: Context,
  params: unknown,
): Promise<unknown> {
  if (actor !== null && route.ability !== undefined && isStanding(route.ability)) authorize(actor, route.ability);
  const body = route.input.body === undefined ? undefined : await (route.readBody ?? readJson)(ctx);
  const raw = { params, query: { ...ctx.query }, body };
  const repeatable = repeatableOf(ctx, route, actor, raw, deps.hub.env.ENCRYPTION_KEY);
  const work = (): Promise<unknown> =>
    route.run({
      ...deps,
      actor,
      request: requestInfo(ctx, repeatable?.fingerprint ?? null),
      keepDevice: (token) => keepDevice(deps.hub.env, ctx, token),
      raw,
    });
  if (repeatable === null) return work();
  const { data, repeated } = await answerOnce(deps.hub, repeatable, work);
  if (repeated) ctx.set('Idempotency-Replayed', 'true');
  return data;
}

/** A middleware that answers all routes under `/api`. @throws see assertRoutes */
export function mountRoutes(deps: { hub: Hub; limits: Limits }, routes: readonly Route[]): Middleware {
  assertRoutes(routes);
  const router = new Router({ prefix: '/api' });
  for (const route of routes) {
    const handler = serve(deps, route);
    router[route.method](route.path, (ctx) => handler(ctx, ctx.params));
  }
  return router.routes() as unknown as Middleware;
}
