import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a Unix socket that every system takes, in bytes. */
const MAX_SOCKET_PATH = 100;

/** A data directory that this process alone may use. */
export interface DirectoryLock {
  readonly directory: string;
  release(): Promise<void>;
}

/**
 * Claims a data directory, creating it if need be. The claim is a listening socket, so that it ends with the process
 * however that dies. Throws when another process has it.
 */
export async function lockDirectory(path: string): Promise<DirectoryLock> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const directory = realpathSync(path);
  const address = lockAddress(directory);
  const server = (await listen(address)) ?? (await takeOver(address));
  if (server === undefined) {
    throw new Error(
      `The data directory ${directory} is already open in another process; stop that one or choose another directory`,
    );
  }
  return {
    directory,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function lockAddress(directory: string): string {
  const name = `switchboard-store-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const local = join(directory, 'lock.sock');
  return Buffer.byteLength(local) <= MAX_SOCKET_PATH ? local : join(tmpdir(), `${name}.sock`);
}

/** Listens on the address; undefined when it is taken, by a living process or by a socket left behind. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => {
      if (existsSync(address)) chmodSync(address, 0o600);
      resolve(server);
    });
  });
}

/** Replaces a socket whose process is gone. It is moved aside first, so that of two contenders only one gets it. */
async function takeOver(address: string): Promise<Server | undefined> {
  if (process.platform === 'win32' || (await answers(address))) return undefined;
  const aside = `${address}.${process.pid}`;
  try {
    renameSync(address, aside);
  } catch {
    return undefined;
  }
  if (await answers(aside)) {
    renameSync(aside, address);
    return undefined;
  }
  unlinkSync(aside);
  return listen(address);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
