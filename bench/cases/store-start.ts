import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildProducts } from '../lib/stack-as-built.js';
import { startChild } from '../lib/child-server.js';
import { fillConversations } from '../lib/conversations.js';
import { startLoad } from '../lib/load.js';
import { residentMemory } from '../lib/memory.js';
import { startStoreProcess } from '../lib/store-process.js';
import type { BenchCase } from '../lib/types.js';

const CONVERSATIONS = 200_000;
const WORK_MS = 5_000;
const MB = 1024 * 1024;
const BUILT = resolve(import.meta.dirname, '../../dist/embedded/store/main.js');

/** Starts the built store on the data, works through pages of inboxes, and tells how long the start took, and its memory. */
async function measure(dataDir: string): Promise<{ startMs: number; memory: number }> {
  const begun = performance.now();
  const store = await startChild<{ uri: string }>([BUILT, '--data', dataDir, '--port', '0']);
  const startMs = performance.now() - begun;
  const load = await startLoad();
  try {
    await load.run({ uri: store.ready.uri, operation: 'inboxPage', callers: 10, milliseconds: WORK_MS });
    return { startMs, memory: residentMemory(store.pid) };
  } finally {
    load.stop();
    await store.stop();
  }
}

const bench: BenchCase = {
  title: `the embedded store: start on ${CONVERSATIONS} conversations, once built`,
  run: async () => {
    buildProducts();
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-store-'));
    try {
      const filling = await startStoreProcess(dataDir);
      await fillConversations(filling.uri, CONVERSATIONS).finally(() => filling.stop());
      const { startMs, memory } = await measure(dataDir);
      return [
        { label: 'listening', unit: 's', value: startMs / 1_000, baseline: null, budget: { atMost: 1 } },
        {
          label: 'resident after pages of inboxes',
          unit: 'MB',
          value: memory / MB,
          baseline: null,
          budget: { atMost: 350 },
        },
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
