import { performance } from 'node:perf_hooks';
import { StoreError } from '../values/index.js';

/** Milliseconds that a command may hold the event loop before it lets others run. */
const SLICE_MS = 10;

/** A command was ended before it was done; its statements fail as a whole. */
export class InterruptedError extends StoreError {}

function timeLimitExceeded(): InterruptedError {
  return new InterruptedError(50, 'operation exceeded time limit', { codeName: 'MaxTimeMSExpired' });
}

/** The error of a command that `killOp` ended. */
export function killedByCommand(): InterruptedError {
  return new InterruptedError(11601, 'operation was interrupted', { codeName: 'Interrupted' });
}

/** The error of a command whose client has gone; nobody will read it. */
export function clientGone(): InterruptedError {
  return new InterruptedError(279, 'operation was interrupted because a client disconnected', {
    codeName: 'ClientDisconnect',
  });
}

/** Lets other work run during long commands, and ends them at their time limit or when they are no longer wanted. */
export class Pace {
  private sliceEnd = performance.now() + SLICE_MS;
  private readonly deadline: number;
  private interruption: InterruptedError | undefined;
  /** Wakes the command while it waits for something. */
  private wake: ((reason: InterruptedError) => void) | undefined;

  /** @param maxTimeMs limit in milliseconds, 0 for none */
  constructor(maxTimeMs: number) {
    this.deadline = maxTimeMs > 0 ? performance.now() + maxTimeMs : Infinity;
  }

  /** Somebody has asked for the end of the command. */
  get interrupted(): boolean {
    return this.interruption !== undefined;
  }

  /** Makes the command fail with `reason` as soon as it looks. */
  interrupt(reason: InterruptedError): void {
    this.interruption ??= reason;
    this.wake?.(this.interruption);
  }

  /** Throws {@link InterruptedError} when the command is to end. */
  check(): void {
    if (this.interruption !== undefined) throw this.interruption;
  }

  /** True when it is time to `pause`; throws like `check`, and MongoDB's error 50 past the command's `maxTimeMS`. */
  due(): boolean {
    this.check();
    const now = performance.now();
    if (now > this.deadline) throw timeLimitExceeded();
    return now > this.sliceEnd;
  }

  /** Lets the event loop turn once. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sliceEnd = performance.now() + SLICE_MS;
  }

  /** Waits for what others do; rejects like `due` when the command is to end before that. */
  async wait(event: Promise<void>): Promise<void> {
    this.check();
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      this.wake = reject;
      if (this.deadline < Infinity) {
        timer = setTimeout(() => reject(timeLimitExceeded()), Math.max(0, this.deadline - performance.now()));
      }
    });
    try {
      await Promise.race([event, ended]);
    } finally {
      clearTimeout(timer);
      this.wake = undefined;
    }
    this.sliceEnd = performance.now() + SLICE_MS;
  }
}
