import { Redis } from 'ioredis';
import type { Logger } from '../logging/logger.js';

export type { Redis } from 'ioredis';

/**
 * How long a disconnected client waits for the other side before it drops the connection. It also waits as long for one that was
 * closed already, which keeps the process alive. Milliseconds.
 */
const DISCONNECT_TIMEOUT = 200;

/**
 * A Redis client for one purpose, because each needs other manners when Redis is away (STACK, PROTOCOLS 2 and 11).
 * - `producer`: fails at once, so that no answer waits for Redis.
 * - `worker`: waits for ever, as BullMQ's workers demand.
 * - `sockets`: queues while away, but no command takes longer than 1.5 s.
 */
export function createRedis(url: string, purpose: 'producer' | 'worker' | 'sockets', logger: Logger): Redis {
  const manners = {
    producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1_000 },
    worker: { maxRetriesPerRequest: null },
    sockets: { enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: 1_500 },
  }[purpose];
  const client = new Redis(url, {
    ...manners,
    connectTimeout: 2_000,
    disconnectTimeout: DISCONNECT_TIMEOUT,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 1_000),
  });
  let quiet = false;
  client.on('error', (error) => {
    if (quiet) return;
    quiet = true;
    logger.warn('redis', 'Redis is away; what needs it is degraded', { purpose, error });
  });
  client.on('ready', () => {
    quiet = false;
  });
  return client;
}
