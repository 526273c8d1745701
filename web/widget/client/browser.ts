import type { SenderLock } from '../core/drain.js';
import { createLeaseLock } from '../core/lease.js';
import { createStore, type KeyValueStore } from '../core/storage.js';

/** 128 random bits in hex. `crypto.randomUUID` is missing on pages without HTTPS. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** One sending tab at a time: by Web Locks where there are any, else by a lease in the shared storage. */
export function createSenderLock(store: KeyValueStore, name: string): SenderLock {
  if (!('locks' in navigator)) return createLeaseLock(store, name, randomId());
  return async (work) => {
    let begun = false;
    try {
      await navigator.locks.request(name, () => {
        begun = true;
        return work();
      });
    } catch (error) {
      // Sandboxed frames have no locks; they share no storage with other tabs either, so there is nobody to lock out.
      if (begun) throw error;
      await work();
    }
  };
}

/** The browser's storage, or one in memory where storage is blocked (reading the property then throws). */
export function createBrowserStore(): KeyValueStore {
  try {
    return createStore(localStorage);
  } catch {
    return createStore(null);
  }
}
