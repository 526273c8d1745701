import { Worker, type Job } from 'bullmq';
import type { Hub } from '../src/commands/hub.js';
import { drainInboundLane } from '../src/commands/inbound/drain-inbound-lane.js';
import { drainOutboundLane } from '../src/commands/outbound/drain-outbound-lane.js';
import { withLogContext } from '../src/logging/context.js';
import { QUEUE_PREFIX, STALLED_INTERVAL, type QueueJobs, type QueueName } from '../src/queues/definitions.js';
import type { Redis } from '../src/storage/redis.js';
import type { OutboxConsumer } from './consumer.js';
import { drainConsumer } from './drain-consumer.js';
import { startSweep } from './sweep.js';

interface Definition<N extends QueueName> {
  concurrency: number;
  perform(hub: Hub, data: QueueJobs[N]): Promise<void>;
}

/** What each queue's hint makes a worker do. A job that fails is not repeated: the work is stored, and the sweep finds it. */
const definitions = (consumers: readonly OutboxConsumer[]): { [N in QueueName]: Definition<N> } => ({
  inbound: { concurrency: 10, perform: (hub, data) => drainInboundLane(hub, data.lane) },
  outbound: { concurrency: 10, perform: (hub, data) => drainOutboundLane(hub, data.conversationId) },
  consumers: {
    // A drain each, so that a slow consumer holds up no other.
    concurrency: Math.max(1, consumers.length),
    perform: async (hub, data) => {
      const consumer = consumers.find((candidate) => candidate.name === data.consumer);
      if (consumer !== undefined) await drainConsumer(hub, consumer);
    },
  },
});

/** Starts the workers of all queues and the sweep. `stop` finishes what is running. */
export function startWorkers(hub: Hub, redis: Redis, consumers: readonly OutboxConsumer[]): { stop(): Promise<void> } {
  const table = definitions(consumers);
  const workers = (Object.keys(table) as QueueName[]).map((name) =>
    createWorker(hub, redis, name, table[name] as Definition<QueueName>),
  );
  const sweep = hub.env.SWEEP === 'on' ? startSweep(hub) : null;
  return {
    stop: async () => {
      await Promise.all([...workers.map((worker) => worker.close()), sweep?.stop()]);
    },
  };
}

function createWorker<N extends QueueName>(hub: Hub, redis: Redis, name: N, definition: Definition<N>): Worker {
  const worker = new Worker(
    name,
    (job: Job<QueueJobs[N]>) => withLogContext({ jobId: job.id ?? 'unknown' }, () => definition.perform(hub, job.data)),
    {
      connection: redis,
      prefix: QUEUE_PREFIX,
      concurrency: definition.concurrency,
      stalledInterval: STALLED_INTERVAL,
      skipVersionCheck: true,
    },
  );
  worker.on('failed', (job, error) =>
    hub.logger.warn('workers', 'a job failed; the sweep comes back to its work', { queue: name, error, job: job?.id }),
  );
  worker.on('error', (error) => hub.logger.debug('workers', 'a worker lost Redis', { queue: name, error }));
  return worker;
}
