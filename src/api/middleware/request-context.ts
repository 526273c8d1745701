import { randomUUID } from 'node:crypto';
import type { Context, Next } from 'koa';
import { withLogContext } from '../../logging/context.js';

const ACCEPTED = /^[\w.-]{8,64}$/;

/** Gives every request a number, the caller's own if it has one, and puts it into every log line (SPEC 12). */
export function requestContext(ctx: Context, next: Next): Promise<void> {
  const given = ctx.get('X-Request-Id');
  const requestId = ACCEPTED.test(given) ? given : randomUUID();
  ctx.state['requestId'] = requestId;
  ctx.set('X-Request-Id', requestId);
  return withLogContext({ requestId }, () => next());
}
