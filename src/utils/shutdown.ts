/** Closes what was opened, in order, once (STYLE 2, SPEC R7). */
export interface Shutdown {
  /** Registers a closing step; steps of a lower order run first, those of one order together. */
  add(name: string, order: number, close: () => Promise<unknown> | void): void;
  /** Runs every step; a step that fails or exceeds its time does not keep the others from running. */
  run(): Promise<void>;
}

/** Steps in order: stop taking work, finish it, close connections. */
export const SHUTDOWN_ORDER = { intake: 0, work: 1, sockets: 2, queues: 3, redis: 4, store: 5 } as const;

/** @param stepTimeoutMs how long one step may take before it is given up. */
export function createShutdown(onError: (name: string, error: unknown) => void, stepTimeoutMs = 15_000): Shutdown {
  const steps: { name: string; order: number; close: () => Promise<unknown> | void }[] = [];
  let running: Promise<void> | null = null;

  const runAll = async (): Promise<void> => {
    const orders = [...new Set(steps.map((step) => step.order))].sort((a, b) => a - b);
    for (const order of orders) {
      const due = steps.filter((step) => step.order === order);
      await Promise.all(
        due.map(async (step) => {
          let timer: NodeJS.Timeout | undefined;
          const late = new Promise<never>((_, reject) => {
            timer = setTimeout(() => reject(new Error(`did not close within ${stepTimeoutMs} ms`)), stepTimeoutMs);
          });
          try {
            await Promise.race([Promise.resolve(step.close()), late]);
          } catch (error) {
            onError(step.name, error);
          } finally {
            clearTimeout(timer);
          }
        }),
      );
    }
  };

  return {
    add: (name, order, close) => void steps.push({ name, order, close }),
    run: () => (running ??= runAll()),
  };
}
