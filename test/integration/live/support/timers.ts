import { jest } from '@jest/globals';

/** Timers that a test lets fall due itself. */
export interface HeldTimers {
  /** How many wait. */
  count(): number;
  /** Lets all that wait fall due now; intervals go on waiting. */
  fire(): void;
  restore(): void;
}

interface Held {
  run: () => void;
  repeats: boolean;
}

/** From now on holds back every timer and interval of exactly this delay in milliseconds; others run as ever. */
export function holdTimers(delay: number): HeldTimers {
  const held = new Map<unknown, Held>();
  const real = { setTimeout, setInterval, clearTimeout, clearInterval };
  const hold =
    (repeats: boolean) =>
    (run: (...args: unknown[]) => void, ms?: number, ...rest: unknown[]): unknown => {
      if (ms !== delay) return Reflect.apply(repeats ? real.setInterval : real.setTimeout, null, [run, ms, ...rest]);
      // A real handle that never rings: callers may unref, refresh or clear it.
      const handle = real.setTimeout(() => undefined, 0);
      held.set(handle, { run: () => run(...rest), repeats });
      return handle;
    };
  const release = (clear: (handle: NodeJS.Timeout | undefined) => void) => (handle: NodeJS.Timeout | undefined) => {
    held.delete(handle);
    clear(handle);
  };
  const spies = [
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(hold(false) as unknown as typeof setTimeout),
    jest.spyOn(globalThis, 'setInterval').mockImplementation(hold(true) as unknown as typeof setInterval),
    jest.spyOn(globalThis, 'clearTimeout').mockImplementation(release(real.clearTimeout) as typeof clearTimeout),
    jest.spyOn(globalThis, 'clearInterval').mockImplementation(release(real.clearInterval) as typeof clearInterval),
  ];
  return {
    count: () => held.size,
    fire: () => {
      for (const [handle, { run, repeats }] of [...held]) {
        if (!repeats) held.delete(handle);
        run();
      }
    },
    restore: () => spies.forEach((spy) => spy.mockRestore()),
  };
}
