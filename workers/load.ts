import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { OutboxConsumer } from './define-consumer.js';
import type { SweepDefinition } from './define-sweep.js';
import type { TimerDefinition } from './define-timer.js';
import type { WorkerDefinition } from './define-worker.js';

/** Everything that a process may do in the background. */
export interface Work {
  workers: readonly WorkerDefinition[];
  consumers: readonly OutboxConsumer[];
  timers: readonly TimerDefinition[];
  sweeps: readonly SweepDefinition[];
}

/** Finds all of it by the names of the files; adding one edits no list (STYLE 21). */
export async function loadWork(): Promise<Work> {
  const [workers, consumers, timers, sweeps] = await Promise.all([
    found<WorkerDefinition>('.', 'worker'),
    found<OutboxConsumer>('consumers', 'consumer'),
    found<TimerDefinition>('timers', 'timer'),
    found<SweepDefinition>('sweeps', 'sweep'),
  ]);
  return { workers, consumers, timers, sweeps };
}

async function found<T>(folder: string, kind: string): Promise<T[]> {
  const files = (await readdir(path.join(import.meta.dirname, folder))).filter((file) =>
    new RegExp(`\\.${kind}\\.(ts|js)$`).test(file),
  );
  const modules = files.sort().map((file) => import(`./${folder}/${file}`) as Promise<{ default: T }>);
  return (await Promise.all(modules)).map((module) => module.default);
}
