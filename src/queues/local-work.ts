import { setImmediate } from 'node:timers/promises';
import type { QueueName } from './definitions.js';

/** Does what a hint says, in this process. */
type Perform = (data: object) => Promise<void>;

interface Place {
  free: number;
  perform: Perform;
  /** What waits for a free place; the same work told twice is done once. */
  waiting: Map<string, object>;
}

/** Hints of one queue that may wait here; what is more is told to others. */
const MOST_WAITING = 500;

/**
 * Work of this process that needs no way through Redis: where a process makes hints and works their queue, it begins at once, and a slow
 * or dead Redis delays nothing.
 */
export interface LocalWork {
  /** This process works a queue. @param concurrency hints that it takes from itself at a time. */
  serve(queue: QueueName, concurrency: number, perform: Perform): void;
  /** Begins the work, or keeps it until there is room. @returns false when somebody else has to be told. */
  offer(queue: string, data: object): boolean;
  /** Takes nothing more and forgets what waits, which the sweep finds; settles when nothing runs any more. */
  stop(): Promise<void>;
}

/** @param onFailure told of work that failed; the sweep comes back to it. */
export function createLocalWork(onFailure: (queue: string, error: unknown) => void): LocalWork {
  const places = new Map<string, Place>();
  const running = new Set<Promise<void>>();

  const begin = (queue: string, place: Place, data: object): void => {
    place.free -= 1;
    const work = perform(queue, place, data).finally(() => {
      running.delete(work);
      place.free += 1;
      const next = place.waiting.entries().next();
      if (next.done) return;
      place.waiting.delete(next.value[0]);
      begin(queue, place, next.value[1]);
    });
    running.add(work);
  };

  const perform = async (queue: string, place: Place, data: object): Promise<void> => {
    try {
      // Whoever hints goes on first.
      await setImmediate();
      await place.perform(data);
    } catch (error) {
      onFailure(queue, error);
    }
  };

  return {
    serve: (queue, concurrency, work) =>
      void places.set(queue, { free: concurrency, perform: work, waiting: new Map() }),
    offer: (queue, data) => {
      const place = places.get(queue);
      if (place === undefined) return false;
      if (place.free > 0) begin(queue, place, data);
      else if (place.waiting.size < MOST_WAITING) place.waiting.set(Object.values(data).join(' '), data);
      else return false;
      return true;
    },
    stop: async () => {
      for (const place of places.values()) place.waiting.clear();
      places.clear();
      await Promise.all(running);
    },
  };
}
