import { lockDirectory } from '../storage/data-directory.js';
import { dump, restore } from '../storage/dump.js';
import { openData } from '../storage/open-data.js';
import type { Store } from '../storage/store.js';
import { verify } from '../storage/verify.js';

/** A tool that works on a data directory while no store has it open. */
export type OfflineTask =
  | { tool: 'dump'; directory: string }
  | { tool: 'restore'; directory: string; replace: boolean }
  | { tool: 'verify'; repair: boolean };

/** What a tool has to say, and whether all is well. */
export interface OfflineResult {
  lines: string[];
  ok: boolean;
}

/** Runs a tool. Throws when the directory is open in another process, or cannot be opened. */
export async function runOffline(dataDir: string, task: OfflineTask): Promise<OfflineResult> {
  const lock = await lockDirectory(dataDir);
  try {
    const { environment, store } = await openData(lock.directory, { evenIfDamaged: task.tool === 'verify' });
    try {
      return await perform(store, task);
    } finally {
      await environment.close();
    }
  } finally {
    await lock.release();
  }
}

async function perform(store: Store, task: OfflineTask): Promise<OfflineResult> {
  if (task.tool === 'verify') {
    const { collections, documents, entries, problems, repaired } = await verify(store, task.repair);
    const summary = `${collections} collections, ${documents} documents, ${entries} index entries: ${problems.length} problems`;
    return { lines: [...problems, ...repaired, summary], ok: problems.length === 0 || task.repair };
  }
  const { collections, documents } =
    task.tool === 'dump' ? await dump(store, task.directory) : await restore(store, task.directory, task.replace);
  return { lines: [`${task.tool}: ${collections} collections, ${documents} documents`], ok: true };
}
