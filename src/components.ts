import { randomBytes } from 'node:crypto';
import axios from 'axios';
import { loadChannels } from '../channels/registry.js';
import { queuesOf } from '../workers/index.js';
import { loadWork, type Work } from '../workers/load.js';
import type { Hub } from './hub.js';
import { loadEnv } from './env.js';
import { createLogger, type Logger } from './logging/logger.js';
import { InstallationModel } from './models/index.js';
import { createHints } from './queues/hints.js';
import { createLocalWork, type LocalWork } from './queues/local-work.js';
import { createRealtime, type Realtime } from './realtime/server.js';
import { createBlobStore } from './storage/blob-store.js';
import { ensureIndexes } from './storage/ensure-indexes.js';
import { isDuplicateKey } from './storage/in-transaction.js';
import { connectStore, disconnectStore } from './storage/mongo.js';
import { createRedis, type Redis } from './storage/redis.js';
import { armCrashPoint } from './utils/crash-points.js';
import { createClock, type Clock } from './utils/clock.js';
import { createShutdown, SHUTDOWN_ORDER, type Shutdown } from './utils/shutdown.js';

/** Everything one process is made of, whatever its role. */
export interface Components {
  hub: Hub;
  realtime: Realtime;
  /** What is done in the background. */
  work: Work;
  /** What of it is told to this process without Redis. */
  local: LocalWork;
  redis: { producer: Redis; worker: Redis };
  shutdown: Shutdown;
}

/** Calls to the outside follow no redirects by themselves and give up on their own. Milliseconds. */
const HTTP_TIMEOUT = 30_000;

/**
 * Builds a process from its environment: connects, creates indexes, wires.
 * @param source the environment; the process’s own unless a test says otherwise.
 * @throws EnvError, StoreUnfitError
 */
export async function createComponents(source?: Record<string, string | undefined>): Promise<Components> {
  const channels = await loadChannels();
  const env = loadEnv(channels.values(), source);
  armCrashPoint(env.CRASH_AT);
  const clock = createClock(env.CLOCK_FILE);
  const logger = createLogger({ level: env.LOG_LEVEL, role: env.ROLE });
  const shutdown = createShutdown((name, error) => logger.error('shutdown', 'a part did not close', { name, error }));

  await connectStore(env.MONGODB_URI, logger);
  shutdown.add('store', SHUTDOWN_ORDER.store, disconnectStore);
  await ensureIndexes(env.MONGODB_URI);

  const redis = (purpose: Parameters<typeof createRedis>[1]): Redis => {
    const client = createRedis(env.REDIS_URL, purpose, logger);
    shutdown.add(`redis ${purpose}`, SHUTDOWN_ORDER.redis, () => client.disconnect());
    return client;
  };
  const clients = { producer: redis('producer'), worker: redis('worker') };
  const work = await loadWork();
  const names = queuesOf(work).map((queue) => queue.name);
  const local = createLocalWork((queue, hint, error) =>
    logger.warn('workers', 'work failed; the sweep comes back to it', { queue, hint, error }),
  );
  const hints = createHints(clients.producer, logger, names, local);
  shutdown.add('queues', SHUTDOWN_ORDER.queues, () => hints.close());
  const realtime = createRealtime(redis('sockets'), logger);
  shutdown.add('sockets', SHUTDOWN_ORDER.sockets, () => realtime.close());

  const hub: Hub = {
    env,
    logger,
    now: clock.now,
    channels,
    http: axios.create({ timeout: HTTP_TIMEOUT, maxRedirects: 0 }),
    blobs: await createBlobStore(env),
    installId: await readInstallId(clock, logger),
    hints,
    consumers: work.consumers,
    emitAfterCommit: (change) => realtime.emitAfterCommit(hub, change),
  };
  return { hub, realtime, work, local, redis: clients, shutdown };
}

/** The id that marks our sends; made once per store. */
async function readInstallId(clock: Clock, logger: Logger): Promise<string> {
  const known = await InstallationModel.findById('self').lean();
  if (known !== null) return known.installId;
  try {
    const installId = randomBytes(6).toString('hex');
    await InstallationModel.create({ _id: 'self', installId, createdAt: new Date(clock.now()) });
    return installId;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    logger.debug('boot', 'another process named this installation first');
    return readInstallId(clock, logger);
  }
}
