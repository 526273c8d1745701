import type { JobsOptions } from 'bullmq';

/** Queue names and what a job of each carries: ids only; a hint means "drain until empty" (PROTOCOLS 2). */
export interface QueueJobs {
  inbound: { lane: string };
  outbound: { conversationId: string };
  timers: { timer: string };
  /** Whose conversation it is about, where the consumer works them one by one. */
  [consumer: ConsumerQueue]: { conversation: string | null };
}

type ConsumerQueue = `consumer-${string}`;
export type QueueName = 'inbound' | 'outbound' | 'timers' | ConsumerQueue;

/** Each consumer has a queue of its own, so that a slow one keeps nobody waiting. */
export const consumerQueue = (consumer: string): ConsumerQueue => `consumer-${consumer}`;

/** All keys of our queues begin with this. */
export const QUEUE_PREFIX = 'switchboard';

/** Hints carry no job id: a retained or active namesake would swallow them. One try: the sweep is the second. */
export const HINT_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: { count: 50 } };

/** Equal in every process, or the longest one delays the recovery from a killed worker for all. Milliseconds. */
export const STALLED_INTERVAL = 5_000;

/** No hint is added while its queue holds more: the sweep will tell. */
export const MAX_WAITING_HINTS = 1_000;

/** An enqueue that takes longer is given up; nothing depends on it. Milliseconds. */
export const ENQUEUE_DEADLINE = 250;
