import type { Hub } from '../src/hub.js';
import type { QueueJobs, QueueName } from '../src/queues/definitions.js';

/** What a hint of one queue makes a process do; found by its file `<verb-noun>.worker.ts`. */
export interface WorkerDefinition<N extends QueueName = QueueName> {
  /** Its queue. */
  name: N;
  /** Jobs of one process at the same time. */
  concurrency: number;
  /** Does everything that is due; a failure is not tried again, because the sweep comes back to the work. */
  perform(hub: Hub, data: QueueJobs[N]): Promise<void>;
}

/** Keeps the type of the queue's data. */
export const defineWorker = <N extends QueueName>(definition: WorkerDefinition<N>): WorkerDefinition =>
  definition as unknown as WorkerDefinition;
