import type { Context, Middleware, Next } from 'koa';
import mongoose from 'mongoose';
import type { Redis } from 'ioredis';
import { unavailable } from '../../errors.js';
import { withDeadline } from '../../utils/deadline.js';
import { TtlCache } from '../../utils/ttl-cache.js';
import { errorAnswer } from '../on-error.js';

/** Something we depend on. Without a required one nothing works; without another only what needs it does not. */
export interface ReadinessCheck {
  name: string;
  required: boolean;
  /** Rejects, or takes longer than a second, when it is down. */
  check(): Promise<unknown>;
}

/** How long one check may take, and how long its result is reused. Milliseconds. */
const CHECK_DEADLINE = 1_000;
const RESULT_LASTS = 1_000;

export const storeCheck: ReadinessCheck = {
  name: 'store',
  required: true,
  check: async () => {
    if (mongoose.connection.db === undefined) throw new Error('not connected');
    await mongoose.connection.db.command({ ping: 1 });
  },
};

/** Webhooks and messages are stored without Redis, only later told: it degrades, it does not take us down. */
export const redisCheck = (redis: Redis): ReadinessCheck => ({
  name: 'redis',
  required: false,
  check: () => redis.ping(),
});

const isUp = ({ check }: ReadinessCheck): Promise<boolean> =>
  withDeadline(Promise.resolve().then(check), CHECK_DEADLINE).then(
    () => true,
    () => false,
  );

/**
 * `/livez`: the process runs. `/readyz`: which dependencies answer; 503 when a required one does not, or while stopping, so that
 * balancers look elsewhere.
 */
export function health(checks: readonly ReadinessCheck[], isStopping: () => boolean): Middleware {
  const results = new TtlCache<boolean>(RESULT_LASTS);

  const ready = async (ctx: Context): Promise<void> => {
    const states = await Promise.all(
      checks.map(async (check) => ({ ...check, up: await results.get(check.name, () => isUp(check)) })),
    );
    const down = states.filter((state) => !state.up);
    if (isStopping() || down.some((state) => state.required)) {
      const error = errorAnswer(unavailable()) as { success: false; error: { code: string; message: string } };
      const details = down.map(({ name }) => ({ field: name, message: 'does not answer' }));
      ctx.status = 503;
      ctx.body = { ...error, error: { ...error.error, message: 'Not ready.', details } };
      return;
    }
    const status = down.length === 0 ? 'ready' : 'degraded';
    ctx.body = { success: true, data: { status, degraded: down.map(({ name }) => name) } };
  };

  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.path !== '/livez' && ctx.path !== '/readyz') return next();
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path === '/readyz') return ready(ctx);
    ctx.body = { success: true, data: { status: 'alive' } };
  };
}
