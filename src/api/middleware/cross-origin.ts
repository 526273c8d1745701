import cors from '@koa/cors';
import type { Context, Middleware } from 'koa';
import type { Env } from '../../env.js';

/** Where visitors' pages call; any site may ask, and the handler refuses sites that the inbox does not list. */
const VISITOR_API = '/api/widget/';
/** How long browsers keep a preflight's answer. Seconds. */
const PREFLIGHT_LASTS = 600;

/**
 * Which pages of other origins may read our answers (SPEC 12, 14.1): the staff API those of CORS_ORIGINS and our own. A preflight
 * does not say which inbox it is for, so that the visitor API lets every page ask and each route compares the origin with its
 * inbox. No page of another origin gets a cookie of ours sent along.
 */
export function crossOrigin(env: Env): Middleware {
  const staffOrigins = new Set([new URL(env.PUBLIC_URL).origin, ...env.CORS_ORIGINS]);
  return cors({
    origin(ctx: Context): string {
      const origin = ctx.get('Origin');
      return ctx.path.startsWith(VISITOR_API) || staffOrigins.has(origin) ? origin : '';
    },
    allowMethods: 'GET,POST,PUT,PATCH,DELETE',
    allowHeaders: ['Authorization', 'Content-Type', 'X-Request-Id', 'Idempotency-Key'],
    exposeHeaders: ['X-Request-Id', 'Retry-After', 'Idempotency-Replayed'],
    maxAge: PREFLIGHT_LASTS,
  });
}
