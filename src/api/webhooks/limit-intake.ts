import type { Context, Middleware } from 'koa';
import type { Hub } from '../../hub.js';
import { AppError } from '../../errors.js';
import type { LimitPolicy, Limits } from '../../storage/rate-limits.js';
import { limitAddress } from '../../utils/client-address.js';

const A_MINUTE = 60;

/**
 * Limits what strangers may try at the ingress, per address: asking with a verify token, and sending webhooks with a wrong signature
 * or too large a body. Genuine webhooks are never limited, since losing one is worse than any flood, and nothing is counted for them.
 * A webhook is known to be forged only after its bytes; beyond the limit each costs its sender the connection.
 */
export function limitIntake(hub: Hub, limits: Limits, ingress: Middleware): Middleware {
  const { RATE_LIMIT_BAD_WEBHOOKS, RATE_LIMIT_WEBHOOK_VERIFY } = hub.env;
  const bad: LimitPolicy = { name: 'bad-webhooks', points: RATE_LIMIT_BAD_WEBHOOKS, seconds: A_MINUTE, local: true };
  const verify: LimitPolicy = { name: 'webhook-verify', points: RATE_LIMIT_WEBHOOK_VERIFY, seconds: A_MINUTE };
  const countBad = async (ctx: Context): Promise<void> => {
    try {
      await limits.take(bad, limitAddress(ctx.ip));
    } catch (error) {
      ctx.set('Connection', 'close');
      throw error;
    }
  };

  return async (ctx, next) => {
    if (!ctx.path.startsWith('/webhooks/')) return next();
    if (ctx.method === 'GET') await limits.take(verify, limitAddress(ctx.ip));
    try {
      await ingress(ctx, next);
    } catch (error) {
      if (error instanceof AppError && (error.status === 401 || error.status === 413)) await countBad(ctx);
      throw error;
    }
  };
}
