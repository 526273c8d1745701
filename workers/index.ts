import { Worker, type Job } from 'bullmq';
import { withLogContext, type Hub } from '../src/hub.js';
import { consumerQueue, QUEUE_PREFIX, STALLED_INTERVAL } from '../src/queues/definitions.js';
import type { LocalWork } from '../src/queues/local-work.js';
import type { Redis } from '../src/storage/redis.js';
import type { OutboxConsumer } from './define-consumer.js';
import { defineWorker, type WorkerDefinition } from './define-worker.js';
import { drainConsumer } from './drain-consumer.js';
import { drainFold } from './drain-fold.js';
import { drainOrdered } from './drain-ordered.js';
import type { Work } from './load.js';
import { startSweeps } from './run-sweeps.js';
import { runTimer } from './run-timer.js';

const TIMERS_AT_ONCE = 10;

/** The queue of a consumer. */
function workerOf(consumer: OutboxConsumer): WorkerDefinition {
  const { work } = consumer;
  return defineWorker({
    name: consumerQueue(consumer.name),
    // The second finds the first at work and makes it look again.
    concurrency: consumer.ordered ? consumer.concurrency : 2,
    perform: async (hub, { conversation }) => {
      if (work.kind === 'fold') await drainFold(hub, consumer, work.fold);
      else if (conversation === null) await drainConsumer(hub, consumer, work.perform);
      else await drainOrdered(hub, consumer, conversation, work.perform);
    },
  });
}

/** Every queue that somebody works, and what a hint of it makes a process do. */
export const queuesOf = ({ workers, consumers, timers }: Work): WorkerDefinition[] => [
  ...workers,
  ...consumers.map(workerOf),
  defineWorker({
    name: 'timers',
    concurrency: TIMERS_AT_ONCE,
    perform: (hub, { timer }) => runTimer(hub, timers, timer),
  }),
];

/** Starts the workers of all queues and the sweeps. `stop` finishes what is running. @param local what this process tells itself. */
export function startWorkers(hub: Hub, redis: Redis, work: Work, local: LocalWork): { stop(): Promise<void> } {
  const definitions = queuesOf(work);
  const workers = definitions.map((definition) => createWorker(hub, redis, definition));
  for (const { name, concurrency, perform } of definitions)
    local.serve(name, concurrency, (data) =>
      perform(withLogContext(hub, { jobId: 'local' }), data as Parameters<typeof perform>[1]),
    );
  const sweeps = hub.env.SWEEP === 'on' ? startSweeps(hub, work.sweeps) : null;
  return {
    stop: async () => {
      await Promise.all([...workers.map((worker) => worker.close()), local.stop(), sweeps?.stop()]);
    },
  };
}

function createWorker(hub: Hub, redis: Redis, { name, concurrency, perform }: WorkerDefinition): Worker {
  const worker = new Worker(
    name,
    (job: Job<Parameters<typeof perform>[1]>) => perform(withLogContext(hub, { jobId: job.id ?? 'unknown' }), job.data),
    { connection: redis, prefix: QUEUE_PREFIX, concurrency, stalledInterval: STALLED_INTERVAL, skipVersionCheck: true },
  );
  worker.on('failed', (job, error) =>
    hub.logger.warn('workers', 'a job failed; the sweep comes back to its work', { queue: name, error, job: job?.id }),
  );
  worker.on('error', (error) => hub.logger.debug('workers', 'a worker lost Redis', { queue: name, error }));
  return worker;
}
