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
  QUEUE_NAMES,
  QUEUE_PREFIX,
  type QueueJobs,
  type QueueName,
} from './definitions.js';

const COUNTED_FOR = 1_000;

/** The producers of all queues; nothing they do can fail, delay or change an answer (PROTOCOLS 2). */
export function createHints(redis: Redis, logger: Logger): Hints & { queues: Queue[]; close(): Promise<void> } {
  const queues = new Map<QueueName, Queue>();
  for (const name of QUEUE_NAMES) {
    const queue = new Queue(name, { connection: redis, prefix: QUEUE_PREFIX, skipVersionCheck: true });
    queue.on('error', () => undefined);
    queues.set(name, queue);
  }
  const crowded = createCrowdCheck(queues);

  const add = async <N extends QueueName>(name: N, data: QueueJobs[N], delay: number): Promise<void> => {
    const queue = queues.get(name);
    if (queue === undefined || redis.status !== 'ready') return;
    try {
      if (await crowded(name)) return;
      await withDeadline(
        queue.add(name, data, delay > 0 ? { ...HINT_OPTIONS, delay } : HINT_OPTIONS),
        ENQUEUE_DEADLINE,
      );
      crashPoint('afterHint');
    } catch (error) {
      logger.debug('hints', 'a hint was lost; the sweep will find the work', { queue: name, error });
    }
  };

  return {
    inbound: (lane, delay = 0) => void add('inbound', { lane }, delay),
    outbound: (conversationId, delay = 0) => void add('outbound', { conversationId }, delay),
    consumer: (consumer) => void add('consumers', { consumer }, 0),
    queues: [...queues.values()],
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Whether a queue holds too many hints; counted at most once a second. */
function createCrowdCheck(queues: Map<QueueName, Queue>): (name: QueueName) => Promise<boolean> {
  const seen = new Map<QueueName, { at: number; waiting: number }>();
  return async (name) => {
    const last = seen.get(name);
    if (last !== undefined && Date.now() - last.at < COUNTED_FOR) return last.waiting > MAX_WAITING_HINTS;
    seen.set(name, { at: Date.now(), waiting: last?.waiting ?? 0 });
    const waiting = (await queues.get(name)?.getWaitingCount()) ?? 0;
    seen.set(name, { at: Date.now(), waiting });
    return waiting > MAX_WAITING_HINTS;
  };
}
