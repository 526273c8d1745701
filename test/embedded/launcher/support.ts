import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processBegan } from '../../../embedded/launcher/running-process.js';
import { startStack, type Stack, type StackOptions } from '../../../embedded/launcher/stack.js';

const FAKE = join(import.meta.dirname, 'fake-program.mjs');

export const fakeEntries = { store: FAKE, sandbox: FAKE, hub: FAKE, seed: FAKE };

/** What one test file started, undone by `cleanUp`. */
const stacks: Stack[] = [];
const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  folders.push(folder);
  return folder;
}

/** A stack of fake programs and a real Redis. */
export async function startFakes(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ dataDir: temporaryFolder(), entries: fakeEntries, ...options });
  stacks.push(stack);
  return stack;
}

export async function cleanUp(): Promise<void> {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const isAlive = (pid: number): boolean => processBegan(pid) !== null;

/** What a fake program answers about itself. */
export interface FakeAnswer {
  env: Record<string, string>;
  args: string[];
  pid: number;
}

export async function ask(url: string, path = '/'): Promise<FakeAnswer> {
  const response = await fetch(`${url}${path}`);
  return (await response.json()) as FakeAnswer;
}
