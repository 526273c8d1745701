import { setImmediate } from 'node:timers/promises';
import type { QueueName } from './definitions.js';

/** Does what a hint says, in this process. */
type Perform = (data: object) => Promise<void>;

interface Waiting {
  data: object;
  elsewhere: () => void;
  timer: NodeJS.Timeout;
}

interface Place {
  free: number;
  perform: Perform;
  /** What waits for a free place; the same work told twice is done once. */
  waiting: Map<string, Waiting>;
}

/** Hints of one queue that may wait here, and how long: then others may be free, while this process is held up. Milliseconds. */
const MOST_WAITING = 500;
const LONGEST_WAIT = 1_000;

/**
 * Work of this process that needs no way through Redis: where a process makes hints and works their queue, it begins at once, and a slow
 * or dead Redis delays nothing.
 */
export interface LocalWork {
  /** This process works a queue. @param concurrency hints that it takes from itself at a time. */
  serve(queue: QueueName, concurrency: number, perform: Perform): void;
  /** Begins the work, or keeps it until there is room. @param elsewhere tells others, where there is no room or none soon enough. */
  offer(queue: string, data: object, elsewhere: () => void): void;
  /** Takes nothing more and leaves what waits to others; settles when nothing runs any more. */
  stop(): Promise<void>;
}

/** @param onFailure told of work that failed; the sweep comes back to it. */
export function createLocalWork(onFailure: (queue: string, data: object, error: unknown) => void): LocalWork {
  const places = new Map<string, Place>();
  const running = new Set<Promise<void>>();

  const begin = (queue: string, place: Place, data: object): void => {
    place.free -= 1;
    const work = perform(queue, place, data).finally(() => {
      running.delete(work);
      place.free += 1;
      const [next] = place.waiting;
      if (next !== undefined) begin(queue, place, take(place, ...next));
    });
    running.add(work);
  };

  const perform = async (queue: string, place: Place, data: object): Promise<void> => {
    try {
      // Whoever hints goes on first.
      await setImmediate();
      await place.perform(data);
    } catch (error) {
      onFailure(queue, data, error);
    }
  };

  return {
    serve: (queue, concurrency, work) =>
      void places.set(queue, { free: concurrency, perform: work, waiting: new Map() }),
    offer: (queue, data, elsewhere) => {
      const place = places.get(queue);
      if (place === undefined) return elsewhere();
      if (place.free > 0) return begin(queue, place, data);
      const key = Object.values(data).join(' ');
      if (place.waiting.has(key)) return;
      if (place.waiting.size >= MOST_WAITING) return elsewhere();
      const handOver = (): void => {
        place.waiting.delete(key);
        elsewhere();
      };
      place.waiting.set(key, { data, elsewhere, timer: setTimeout(handOver, LONGEST_WAIT).unref() });
    },
    stop: async () => {
      const left = [...places.values()].flatMap((place) => [...place.waiting].map((entry) => ({ place, entry })));
      places.clear();
      for (const { place, entry } of left) {
        take(place, ...entry);
        entry[1].elsewhere();
      }
      await Promise.all(running);
    },
  };
}

function take({ waiting }: Place, key: string, { data, timer }: Waiting): object {
  clearTimeout(timer);
  waiting.delete(key);
  return data;
}
