import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimited } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { withDeadline } from '../utils/deadline.js';

/** How often something may be done per key: `points` times in `seconds`. */
export interface LimitPolicy {
  name: string;
  points: number;
  seconds: number;
}

/** Counts what is done; in Redis for all processes, in this process's memory while Redis is away (SPEC 16, R8). */
export interface Limits {
  /** Takes a point, or several. @throws AppError 429 with the seconds to wait when fewer are left; those stay counted as tried. */
  consume(policy: LimitPolicy, key: string, points?: number): Promise<void>;
  /** Gives a point back, or several. */
  refund(policy: LimitPolicy, key: string, points?: number): Promise<void>;
  /** Gives the key all its points back. */
  reset(policy: LimitPolicy, key: string): Promise<void>;
}

/** How long Redis may take, and how long it is left alone after a fault. Milliseconds. */
const REDIS_DEADLINE = 250;
const LEAVE_ALONE = 2_000;

interface Pair {
  /** Null: counting in memory is all there is. */
  redis: RateLimiterRedis | null;
  memory: RateLimiterMemory;
}

/** @param redis a producer's client (no offline queue), or null to count in memory only. */
export function createLimits(redis: Redis | null, logger: Logger): Limits {
  const pairs = new Map<string, Pair>();
  let redisAwayUntil = 0;

  const pairOf = (policy: LimitPolicy): Pair => {
    const known = pairs.get(policy.name);
    if (known !== undefined) return known;
    const options = { keyPrefix: `limit:${policy.name}`, points: policy.points, duration: policy.seconds };
    const pair = {
      redis:
        redis === null ? null : new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true }),
      memory: new RateLimiterMemory(options),
    };
    pairs.set(policy.name, pair);
    return pair;
  };

  const either = async <T>(
    policy: LimitPolicy,
    work: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>,
  ) => {
    const pair = pairOf(policy);
    if (pair.redis === null || Date.now() < redisAwayUntil) return work(pair.memory);
    try {
      return await withDeadline(work(pair.redis), REDIS_DEADLINE);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      redisAwayUntil = Date.now() + LEAVE_ALONE;
      logger.warn('limits', 'Redis does not answer; counting in memory', { error });
      return work(pair.memory);
    }
  };

  return {
    async consume(policy, key, points = 1) {
      try {
        await either(policy, (limiter) => limiter.consume(key, points));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw rateLimited(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      }
    },
    async refund(policy, key, points = 1) {
      await either(policy, (limiter) => limiter.reward(key, points));
    },
    async reset(policy, key) {
      await either(policy, (limiter) => limiter.delete(key));
    },
  };
}
