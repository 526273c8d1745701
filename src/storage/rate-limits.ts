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
  /** Each process counts for itself, and Redis is not told. */
  local?: true;
}

/** Counts what is done; in Redis for all processes, in this process's memory while Redis is away (SPEC 16, R8). */
export interface Limits {
  /** Takes a point, or several. @throws AppError 429 with the seconds to wait when fewer are left; those stay counted as tried. */
  consume(policy: LimitPolicy, key: string, points?: number): Promise<void>;
  /**
   * Takes one point without waiting for Redis, for what must not pay a round trip. This process's memory decides at once; Redis is
   * told a moment later, all points of a key together, and a key that has used up its points there is refused here until it has
   * points again. Several processes together so let through the points of one, and what they took within that moment. A name is
   * for `take` or for `consume`, never for both.
   * @throws AppError 429 with the seconds to wait when none is left.
   */
  take(policy: LimitPolicy, key: string): Promise<void>;
  /** Gives a point back, or several. */
  refund(policy: LimitPolicy, key: string, points?: number): Promise<void>;
  /** Gives the key all its points back. */
  reset(policy: LimitPolicy, key: string): Promise<void>;
}

/** How long Redis may take, how long it is left alone after a fault, and how often it is told of points taken. Milliseconds. */
const REDIS_DEADLINE = 250;
const LEAVE_ALONE = 2_000;
const TELL_EVERY = 200;

interface Pair {
  /** Null: counting in memory is all there is. */
  redis: RateLimiterRedis | null;
  memory: RateLimiterMemory;
  /** Points by key that Redis does not know of yet. */
  untold: Map<string, number>;
}

/** Waiting less than a second is waiting for one. */
const refusal = ({ msBeforeNext }: RateLimiterRes) => rateLimited(Math.max(1, Math.ceil(msBeforeNext / 1000)));

/** @param redis a producer's client (no offline queue), or null to count in memory only. */
export function createLimits(redis: Redis | null, logger: Logger): Limits {
  const pairs = new Map<string, Pair>();
  let redisAwayUntil = 0;
  let telling: NodeJS.Timeout | null = null;

  const pairOf = (policy: LimitPolicy): Pair => {
    const known = pairs.get(policy.name);
    if (known !== undefined) return known;
    const options = { keyPrefix: `limit:${policy.name}`, points: policy.points, duration: policy.seconds };
    const pair = {
      redis:
        redis === null || policy.local === true
          ? null
          : new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true }),
      memory: new RateLimiterMemory(options),
      untold: new Map<string, number>(),
    };
    pairs.set(policy.name, pair);
    return pair;
  };

  const leaveRedisAlone = (error: unknown): void => {
    if (performance.now() < redisAwayUntil) return;
    redisAwayUntil = performance.now() + LEAVE_ALONE;
    logger.warn('limits', 'Redis does not answer; counting in memory', { error });
  };

  const either = async <T>(
    policy: LimitPolicy,
    work: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>,
  ) => {
    const pair = pairOf(policy);
    if (pair.redis === null || performance.now() < redisAwayUntil) return work(pair.memory);
    try {
      return await withDeadline(work(pair.redis), REDIS_DEADLINE);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      leaveRedisAlone(error);
      return work(pair.memory);
    }
  };

  /** Adds points of a key in Redis; without any left there, memory refuses until Redis would not. Never rejects. */
  const tellRedis = async (pair: Pair, key: string, points: number): Promise<void> => {
    try {
      const left = await withDeadline(pair.redis?.consume(key, points) ?? Promise.resolve(null), REDIS_DEADLINE);
      if (left !== null && left.remainingPoints <= 0) await pair.memory.block(key, left.msBeforeNext / 1000);
    } catch (error) {
      if (error instanceof RateLimiterRes) await pair.memory.block(key, error.msBeforeNext / 1000);
      else leaveRedisAlone(error);
    }
  };

  const tell = (): void => {
    telling = null;
    for (const pair of pairs.values()) {
      // What is not told while Redis is away is lost; memory has counted it.
      if (performance.now() >= redisAwayUntil)
        for (const [key, points] of pair.untold) void tellRedis(pair, key, points);
      pair.untold.clear();
    }
  };

  return {
    async consume(policy, key, points = 1) {
      try {
        await either(policy, (limiter) => limiter.consume(key, points));
      } catch (error) {
        throw error instanceof RateLimiterRes ? refusal(error) : error;
      }
    },
    async take(policy, key) {
      const pair = pairOf(policy);
      try {
        await pair.memory.consume(key);
      } catch (error) {
        throw error instanceof RateLimiterRes ? refusal(error) : error;
      }
      if (pair.redis === null) return;
      pair.untold.set(key, (pair.untold.get(key) ?? 0) + 1);
      telling ??= setTimeout(tell, TELL_EVERY).unref();
    },
    async refund(policy, key, points = 1) {
      await either(policy, (limiter) => limiter.reward(key, points));
    },
    async reset(policy, key) {
      await either(policy, (limiter) => limiter.delete(key));
    },
  };
}
