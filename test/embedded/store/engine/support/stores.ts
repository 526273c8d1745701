import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mongoose from 'mongoose';
import { startStore, type RunningStore, type StoreOptions } from '../../../../../embedded/store/server.js';

export const { MongoClient, MongoServerError, MongoBulkWriteError, ObjectId, Binary, Long } = mongoose.mongo;
export type Client = InstanceType<typeof MongoClient>;

/** A directory that `removeDirectories` deletes. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'store-test-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];

const children: ChildProcess[] = [];

const open = new Set<{ close(): Promise<void> }>();

/** Removes what the tests of a file left behind: directories, and what a failed test did not stop. */
export function removeDirectories(): void {
  for (const left of open) void left.close();
  open.clear();
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** A store in this process with a connected client. */
export interface TestStore {
  store: RunningStore;
  client: Client;
  dataDir: string;
  close(): Promise<void>;
}

export async function openStore(options: Partial<StoreOptions> = {}): Promise<TestStore> {
  const dataDir = options.dataDir ?? temporaryDirectory();
  const store = await startStore({ ...options, dataDir });
  const client = await connect(store.uri);
  open.add(store);
  return {
    store,
    client,
    dataDir,
    close: async () => {
      open.delete(store);
      await client.close();
      await store.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function connect(uri: string): Promise<Client> {
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 5000 }).connect();
  open.add(client);
  return client;
}

/** A store in a process of its own. */
export interface StoreProcess {
  uri: string;
  child: ChildProcess;
  /** Ends it with the signal and waits for that. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

const MAIN = join(import.meta.dirname, '../../../../../embedded/store/main.ts');

/** Starts `main.ts`, with a limit on the size of files if asked for; rejects with what it wrote to stderr when it does not come up. */
export function spawnStore(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  maxFileKb?: number,
): Promise<StoreProcess> {
  const limit = maxFileKb === undefined ? '' : `ulimit -S -f ${maxFileKb * 2};`;
  const command = [process.execPath, '--import', 'tsx', MAIN, ...args];
  const child = spawn('sh', ['-c', `${limit} exec "$0" "$@"`, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { uri } = JSON.parse(line) as { uri: string };
      resolve({ uri, child, stop });
    });
    void ended.then(() => reject(new Error(errors)));
  });
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { code?: number; errorLabels?: string[] }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: number; errorLabels?: string[] };
  }
  throw new Error('it did not fail');
}
