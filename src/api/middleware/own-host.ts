import type { Context, Middleware, Next } from 'koa';
import type { Env } from '../../env.js';
import { misdirected } from '../../errors.js';
import { isOwnHost } from '../../utils/own-host.js';

/**
 * Outside production pages and API answer only under our own names, because a demo shows its log-ins. In production the proxy in
 * front decides which names lead here.
 * @throws AppError 421
 */
export function ownHostOnly(env: Env): Middleware {
  return (ctx: Context, next: Next) => {
    if (env.NODE_ENV === 'production' || isOwnHost(ctx.req.headers.host, env.PUBLIC_URL)) return next();
    throw misdirected(env.PUBLIC_URL);
  };
}
