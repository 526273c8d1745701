import { Queue } from 'bullmq';
import type { Logger } from '../logging/logger.js';
import type { Hints } from '../storage/hints.js';
import type { Redis } from '../storage/redis.js';
import { crashPoint } from '../utils/crash-points.js';
import { withDeadline } from '../utils/deadline.js';
import {
  ENQUEUE_DEADLINE,
  HINT_OPTIONS,
  MAX_WAITING_HINTS,
  QUEUE_PREFIX,
  consumerQueue,
  type QueueJobs,
  type QueueName,
} from './definitions.js';
import type { LocalWork } from './local-work.js';

const COUNTED_FOR = 1_000;
/** Hints of one call to Redis. */
const MOST_AT_ONCE = 500;

interface Hint {
  data: object;
  delay: number;
}

/** The producer of one queue. */
interface Hinter {
  queue: Queue;
  /** Tells that there is work; the same work told twice before it is on its way is told once. */
  add(key: string, hint: Hint): void;
}

/**
 * The producers of all queues; nothing they do can fail, delay or change an answer (PROTOCOLS 2).
 * @param names of all queues that somebody works.
 * @param local what this process works itself.
 */
export function createHints(
  redis: Redis,
  logger: Logger,
  names: readonly string[],
  local: LocalWork,
): Hints & { queues: Queue[]; close(): Promise<void> } {
  const hinters = new Map(names.map((name) => [name, createHinter(name, redis, logger)]));
  const add = <N extends QueueName>(name: N, data: QueueJobs[N], delay = 0): void => {
    const tellOthers = (): void => hinters.get(name)?.add(`${Object.values(data).join(' ')} ${delay}`, { data, delay });
    if (delay > 0) tellOthers();
    else local.offer(name, data, tellOthers);
  };
  const queues = [...hinters.values()].map((hinter) => hinter.queue);
  return {
    inbound: (lane, delay) => add('inbound', { lane }, delay),
    outbound: (conversationId, delay) => add('outbound', { conversationId }, delay),
    timer: (timer, delay) => add('timers', { timer }, delay),
    consumer: (name, conversation) => add(consumerQueue(name), { conversation }),
    queues,
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

/** Hints that come while others are on their way share the next call, so that a burst costs few of them. */
function createHinter(name: string, redis: Redis, logger: Logger): Hinter {
  const queue = new Queue(name, { connection: redis, prefix: QUEUE_PREFIX, skipVersionCheck: true });
  queue.on('error', () => undefined);
  const crowded = createCrowdCheck(queue);
  let waiting = new Map<string, Hint>();
  let sending = false;

  const send = async (hints: Hint[]): Promise<void> => {
    if (redis.status !== 'ready' || (await crowded())) return;
    const jobs = hints.map(({ data, delay }) => ({
      name,
      data,
      opts: delay > 0 ? { ...HINT_OPTIONS, delay } : HINT_OPTIONS,
    }));
    await withDeadline(queue.addBulk(jobs), ENQUEUE_DEADLINE);
    crashPoint('afterHint');
  };

  const sendWaiting = async (): Promise<void> => {
    sending = true;
    while (waiting.size > 0) {
      const hints = [...waiting.values()];
      waiting = new Map();
      for (let first = 0; first < hints.length; first += MOST_AT_ONCE) {
        await send(hints.slice(first, first + MOST_AT_ONCE)).catch((error: unknown) =>
          logger.debug('hints', 'hints were lost; the sweep will find the work', { queue: name, error }),
        );
      }
    }
    sending = false;
  };

  return {
    queue,
    add: (key, hint) => {
      waiting.set(key, hint);
      if (!sending) void sendWaiting();
    },
  };
}

/** Whether a queue holds too many hints; counted at most once a second. */
function createCrowdCheck(queue: Queue): () => Promise<boolean> {
  let seen = { at: Number.NEGATIVE_INFINITY, waiting: 0 };
  return async () => {
    if (performance.now() - seen.at >= COUNTED_FOR) {
      seen = { at: performance.now(), waiting: seen.waiting };
      seen = { at: performance.now(), waiting: await withDeadline(queue.getWaitingCount(), ENQUEUE_DEADLINE) };
    }
    return seen.waiting > MAX_WAITING_HINTS;
  };
}
