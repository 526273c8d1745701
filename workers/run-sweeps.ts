import type { Hub } from '../src/hub.js';
import { takeLease } from '../src/storage/lanes.js';
import type { SweepDefinition } from './define-sweep.js';

/** How much longer than its interval a process keeps a sweep. Milliseconds. */
const KEPT_LONGER = 3_000;

/** Runs each sweep on a plain timer of its own, in one process at a time: it must depend neither on Redis nor on another sweep. */
export function startSweeps(hub: Hub, sweeps: readonly SweepDefinition[]): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = sweeps.map((sweep) => startSweep(hub, sweep, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}

function startSweep(hub: Hub, sweep: SweepDefinition, stopping: AbortSignal): { stop(): Promise<void> } {
  const tick = async (): Promise<void> => {
    if (stopping.aborted) return;
    try {
      if (!(await takeLease(hub, `sweep-${sweep.name}`, sweep.every + KEPT_LONGER))) return;
      const found = await sweep.perform(hub, stopping);
      if (found > 0) hub.logger.info('sweep', 'found work that no queue knew of', { sweep: sweep.name, found });
    } catch (error) {
      hub.logger.warn('sweep', 'could not look for forgotten work; trying again', { sweep: sweep.name, error });
    }
  };
  let running = tick();
  const timer = setInterval(() => void (running = running.then(tick)), sweep.every);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
