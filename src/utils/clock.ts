import { readFileSync, watchFile } from 'node:fs';

/** What time it is. One for the whole hub, so that a test or a seed may move all of it together (DESIGN 13). */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The machine's own time, for what is compared with the times of its files. Milliseconds since the epoch. */
export const machineTime = (): number => Date.now();

/** How often a file that moves clocks is looked at. Milliseconds. */
const LOOK_EVERY = 50;

/**
 * The clock of this process.
 * @param file tests only: holds by how many milliseconds the clocks of all processes that name it are ahead; absent or unreadable: by
 * none.
 */
export function createClock(file?: string): Clock {
  if (file === undefined) return { now: machineTime };
  const read = (): number => {
    try {
      return Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      return 0;
    }
  };
  let ahead = read();
  watchFile(file, { interval: LOOK_EVERY, persistent: false }, () => {
    ahead = read();
  });
  return { now: () => machineTime() + ahead };
}
