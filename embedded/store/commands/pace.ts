import { performance } from 'node:perf_hooks';
import { StoreError } from '../values/index.js';

/** Milliseconds that a command may hold the event loop before it lets others run. */
const SLICE_MS = 10;

/** Lets other work run during long commands, and ends them at their time limit. */
export class Pace {
  private sliceEnd = performance.now() + SLICE_MS;
  private readonly deadline: number;

  /** @param maxTimeMs limit in milliseconds, 0 for none */
  constructor(maxTimeMs: number) {
    this.deadline = maxTimeMs > 0 ? performance.now() + maxTimeMs : Infinity;
  }

  /** True when it is time to `pause`; throws MongoDB's error 50 past the command's `maxTimeMS`. */
  due(): boolean {
    const now = performance.now();
    if (now > this.deadline)
      throw new StoreError(50, 'operation exceeded time limit', { codeName: 'MaxTimeMSExpired' });
    return now > this.sliceEnd;
  }

  /** Lets the event loop turn once. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sliceEnd = performance.now() + SLICE_MS;
  }
}
