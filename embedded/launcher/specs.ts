import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findRedis, isRedisReady, redisSettings } from '../redis/redis-program.js';
import { jsonReadyLine, type ChildSpec } from './child.js';
import { entryFile, nodeCommand, PROJECT_ROOT } from './entry.js';
import type { Secrets } from './secrets.js';

/** Programs of ours that the launcher starts; tests put small ones in their place. */
export type EntryName = 'store' | 'sandbox' | 'hub' | 'seed';
export type Entries = Readonly<Record<EntryName, string>>;

/** Where our programs are, built or not, as this file is. */
export const defaultEntries = (): Entries => ({
  store: entryFile('embedded/store/main'),
  sandbox: entryFile('embedded/sandbox/messenger/main'),
  hub: entryFile('src/main'),
  seed: entryFile('scripts/seed'),
});

/** What every spec is made from. */
export interface SpecContext {
  dataDir: string;
  entries: Entries;
  secrets: Secrets;
}

/**
 * Programs without a load of their own do with a small young generation, which saves tens of megabytes each. The hub and the store
 * spend a third less processor time on a webhook with Node's own size.
 */
const LEAN: readonly EntryName[] = ['sandbox', 'seed'];
const PAGE_NAME = 'Radhaus';

const logFile = (context: SpecContext, name: string): string => {
  const folder = join(context.dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${name}.log`);
};

/** The sandbox's Page, for the sandbox and for the seed: id, token and name. */
const pageEnv = ({ messenger }: Secrets): Record<string, string> => ({
  SANDBOX_PAGES: `${messenger.pageId}:${messenger.pageToken}:${PAGE_NAME}`,
});

/** Everybody on the machine can read the arguments, so secrets travel in the environment. */
const nodeSpec = (
  context: SpecContext,
  name: string,
  entry: EntryName,
  args: string[],
  env: Record<string, string>,
): ChildSpec => {
  const program = nodeCommand(context.entries[entry], LEAN.includes(entry) ? ['--max-semi-space-size=2'] : []);
  return {
    name,
    command: program.command,
    args: [...program.args, ...args],
    cwd: PROJECT_ROOT,
    env,
    logFile: logFile(context, name),
    readyLine: jsonReadyLine,
  };
};

/** The longest path of a Unix socket that every system takes (sockaddr_un: 104 bytes on some, with the closing NUL). */
const LONGEST_SOCKET_PATH = 103;

/**
 * Where the embedded store listens: at a Unix socket beside its data, which costs less than a port for each statement; at a port where
 * that path would be too long. Either stays the same, so that a restart does not change its address.
 */
export async function storeAddress(dataDir: string, port: () => Promise<number>): Promise<string[]> {
  const socket = resolve(dataDir, 'store.sock');
  const fits = process.platform !== 'win32' && Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH;
  return fits ? ['--socket', socket] : ['--port', String(await port())];
}

/** The embedded store. @param address see `storeAddress`. */
export const storeSpec = (context: SpecContext, address: string[]): ChildSpec =>
  nodeSpec(context, 'store', 'store', ['--data', join(context.dataDir, 'store'), ...address], {
    STORE_PASSWORD: context.secrets.storePassword,
  });

/** A Redis of our own. @throws RedisMissingError when this machine has none. */
export function redisSpec(context: SpecContext, port: number): ChildSpec {
  const dir = join(context.dataDir, 'redis');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    name: 'redis',
    command: findRedis(),
    args: ['-'],
    cwd: PROJECT_ROOT,
    env: {},
    input: redisSettings({ port, dir, password: context.secrets.redisPassword }),
    logFile: logFile(context, 'redis'),
    readyLine: (line) => (isRedisReady(line) ? {} : null),
  };
}

/** The Messenger sandbox, which reaches the hub only by its webhook. */
export function sandboxSpec(context: SpecContext, port: number, hubUrl: string): ChildSpec {
  const { messenger } = context.secrets;
  const args = [
    ...['--port', String(port), '--data', join(context.dataDir, 'sandbox')],
    ...['--webhook-url', `${hubUrl}/webhooks/messenger`],
    ...['--app-id', messenger.appId],
  ];
  return nodeSpec(context, 'sandbox', 'sandbox', args, {
    SANDBOX_APP_SECRET: messenger.appSecret,
    SANDBOX_VERIFY_TOKEN: messenger.verifyToken,
    ...pageEnv(context.secrets),
  });
}

/** One process of the hub. */
export const hubSpec = (context: SpecContext, name: string, env: Record<string, string>): ChildSpec =>
  nodeSpec(context, name, 'hub', [], env);

/** Fills an empty store with the demo's company; run once at each start, and does only what is missing. */
export const seedSpec = (context: SpecContext, env: Record<string, string>): ChildSpec =>
  nodeSpec(context, 'seed', 'seed', [], { ...env, ...pageEnv(context.secrets) });
