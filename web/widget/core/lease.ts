import type { SenderLock } from './drain.js';
import type { KeyValueStore } from './storage.js';

/** Milliseconds: how long a lease lasts unrenewed, how often it is renewed, how long a claim settles, how often it is tried. */
const LEASE = { lasts: 8_000, renewEvery: 2_000, settle: 60, retryEvery: 400 } as const;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A lock between tabs for pages without Web Locks (plain HTTP), kept in shared storage. Two tabs may in rare cases hold it
 * at once; the ids of the messages keep that harmless.
 */
export function createLeaseLock(
  store: KeyValueStore,
  key: string,
  owner: string,
  now: () => number = Date.now,
): SenderLock {
  const holder = (): { owner: string; until: number } => {
    const [name = '', until = '0'] = (store.get(key) ?? '').split('|');
    return { owner: name, until: Number(until) };
  };
  const claim = (): void => store.set(key, `${owner}|${now() + LEASE.lasts}`);
  const acquire = async (): Promise<void> => {
    for (;;) {
      const { owner: other, until } = holder();
      if (other === owner || until <= now()) {
        claim();
        // Two tabs may have claimed at once: the last writer is the holder.
        await pause(LEASE.settle);
        if (holder().owner === owner) return;
      }
      await pause(LEASE.retryEvery);
    }
  };
  return async (work) => {
    await acquire();
    const renewal = setInterval(claim, LEASE.renewEvery);
    try {
      await work();
    } finally {
      clearInterval(renewal);
      if (holder().owner === owner) store.remove(key);
    }
  };
}
