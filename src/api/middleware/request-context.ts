import { randomUUID } from 'node:crypto';
import type { Context, Next } from 'koa';

const ACCEPTED = /^[\w.-]{8,64}$/;

/** Gives every request a number, the caller's own if it has one (SPEC 12). */
export function requestContext(ctx: Context, next: Next): Promise<void> {
  const given = ctx.get('X-Request-Id');
  const requestId = ACCEPTED.test(given) ? given : randomUUID();
  ctx.state['requestId'] = requestId;
  ctx.set('X-Request-Id', requestId);
  return next();
}

/** The number of a request. */
export const requestIdOf = (ctx: Context): string => String(ctx.state['requestId']);
