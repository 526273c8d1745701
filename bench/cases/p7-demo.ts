import { mkdtempSync, rmSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pickPort } from '../../embedded/launcher/ports.js';
import { readJson } from '../../embedded/launcher/private-file.js';
import { residentMemory } from '../lib/memory.js';
import type { BenchCase } from '../lib/types.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** It is idle when it has had time to settle. Milliseconds. */
const SETTLE = 10_000;
const MB = 1024 * 1024;

async function untilReady(demo: ChildProcess): Promise<void> {
  if (demo.stdout === null) throw new Error('the demo has no output');
  for await (const line of createInterface({ input: demo.stdout })) if (line.startsWith('Switchboard is ready')) return;
  throw new Error('the demo ended before it was ready');
}

/** Milliseconds from the command to the line that says ready; then the memory of every process of it. */
async function measure(dataDir: string): Promise<{ readyMs: number; memory: number }> {
  const args = ['scripts/demo.mjs', '--data', dataDir, '--port', String(await pickPort()), '--no-open'];
  const begun = performance.now();
  const demo = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(demo, 'exit');
  try {
    await untilReady(demo);
    const readyMs = performance.now() - begun;
    await sleep(SETTLE);
    const lock = readJson<{ children: number[] }>(join(dataDir, 'launcher.lock'));
    const pids = [demo.pid ?? 0, ...(lock?.children ?? [])];
    return { readyMs, memory: pids.map(residentMemory).reduce((sum, bytes) => sum + bytes, 0) };
  } finally {
    demo.kill('SIGTERM');
    await exited;
  }
}

const bench: BenchCase = {
  title: 'npm run demo once installed and built (P7)',
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-demo-'));
    try {
      const first = await measure(dataDir);
      const again = await measure(dataDir);
      return [
        { label: 'ready, empty', unit: 's', value: first.readyMs / 1_000, baseline: null, budget: { atMost: 15 } },
        { label: 'ready, with data', unit: 's', value: again.readyMs / 1_000, baseline: null, budget: { atMost: 15 } },
        { label: 'idle memory', unit: 'MB', value: again.memory / MB, baseline: null, budget: { atMost: 400 } },
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
