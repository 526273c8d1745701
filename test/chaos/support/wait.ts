import { setTimeout as pause } from 'node:timers/promises';

/** Looks until it is true. @param withinMs milliseconds. @throws Error naming what was waited for. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 50,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1_000} s in vain until ${what}`);
    await pause(everyMs);
  }
}

/** Tries again until it succeeds, as every sender does that wants an acknowledgement. @throws the last error after `withinMs`. */
export async function untilDone<T>(attempt: () => Promise<T>, withinMs = 120_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(200);
    }
  }
}
