import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './built.js';
import { startChild } from './child-server.js';
import { startLoad, type Load } from './load.js';

/** A store in a process of its own. */
export interface StoreProcess {
  uri: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a store on a directory; without `flush` it acknowledges writes that are not on disk yet. */
export async function startStoreProcess(dataDir: string, { flush = true } = {}): Promise<StoreProcess> {
  const args = [await built('bench-store.ts'), dataDir, flush ? 'flush' : 'no-flush'];
  const { ready, pid, stop } = await startChild<{ uri: string }>(args);
  return { uri: ready.uri, pid, stop };
}

/** Runs `measure` with a load process and a way to start stores; afterwards both are stopped and the data is removed. */
export async function withStores<T>(
  measure: (start: (options?: { flush?: boolean }) => Promise<StoreProcess>, load: Load) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-store-'));
  const stores: StoreProcess[] = [];
  const load = await startLoad();
  try {
    return await measure(async (options) => {
      const store = await startStoreProcess(join(directory, String(stores.length)), options);
      stores.push(store);
      return store;
    }, load);
  } finally {
    load.stop();
    for (const store of stores) await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
