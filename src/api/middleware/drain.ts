import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Counts running requests, so that a stop cuts none off (SPEC R7). */
export interface Drain {
  /** The listener with the counting around it. */
  wrap(listener: RequestListener): RequestListener;
  readonly stopping: boolean;
  /** From now on connections are closed after their answer; settles when no request runs any more. */
  stop(): Promise<void>;
}

export function createDrain(): Drain {
  let running = 0;
  let stopping = false;
  let whenEmpty: (() => void) | null = null;

  return {
    wrap: (listener) => (request: IncomingMessage, response: ServerResponse) => {
      running += 1;
      if (stopping) response.setHeader('Connection', 'close');
      response.once('close', () => {
        running -= 1;
        if (running === 0) whenEmpty?.();
      });
      listener(request, response);
    },
    get stopping() {
      return stopping;
    },
    stop: () => {
      stopping = true;
      return running === 0 ? Promise.resolve() : new Promise((resolve) => (whenEmpty = resolve));
    },
  };
}
