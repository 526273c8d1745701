import { setImmediate } from 'node:timers/promises';
import type { QueueName } from './definitions.js';

/** Does what a hint says, in this process. */
type Perform = (data: object) => Promise<void>;

interface Place {
  free: number;
  perform: Perform;
}

/**
 * Work of this process that needs no way through Redis: where a process makes hints and works their queue, it begins at once, and a slow
 * or dead Redis delays nothing. What is more than it does at a time goes the usual way, to whoever is free.
 */
export interface LocalWork {
  /** This process works a queue. @param concurrency hints that it takes from itself at a time. */
  serve(queue: QueueName, concurrency: number, perform: Perform): void;
  /** Begins the work if there is room. @returns false when somebody else has to be told. */
  offer(queue: string, data: object): boolean;
  /** Takes nothing more; settles when nothing runs any more. */
  stop(): Promise<void>;
}

/** @param onFailure told of work that failed; the sweep comes back to it. */
export function createLocalWork(onFailure: (queue: string, error: unknown) => void): LocalWork {
  const places = new Map<string, Place>();
  const running = new Set<Promise<void>>();

  const begin = async (queue: string, place: Place, data: object): Promise<void> => {
    place.free -= 1;
    try {
      // Whoever hints goes on first.
      await setImmediate();
      await place.perform(data);
    } catch (error) {
      onFailure(queue, error);
    } finally {
      place.free += 1;
    }
  };

  return {
    serve: (queue, concurrency, perform) => void places.set(queue, { free: concurrency, perform }),
    offer: (queue, data) => {
      const place = places.get(queue);
      if (place === undefined || place.free === 0) return false;
      const work = begin(queue, place, data).finally(() => running.delete(work));
      running.add(work);
      return true;
    },
    stop: async () => {
      places.clear();
      await Promise.all(running);
    },
  };
}
