import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../launcher/child.js';
import { startOrphanGuard } from '../launcher/orphan-guard.js';
import { pickPort } from '../launcher/ports.js';
import { findRedis, isRedisReady, redisSettings, redisUrl } from './redis-program.js';

/** A Redis of our own, started again whenever it ends; each start begins empty. */
export interface RedisServer {
  /** Stays the same over restarts. */
  readonly url: string;
  readonly port: number;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Sends a signal, for example SIGSTOP; a deadly one resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** It dies with its data and comes back empty. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param options folder and port; without them a temporary folder, removed at the end, and a free port.
 * @throws RedisMissingError when this machine has no Redis, ChildFailedError when it does not start.
 */
export async function startRedis(options: { dir?: string; port?: number } = {}): Promise<RedisServer> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'switchboard-redis-'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await pickPort());
  const password = randomBytes(16).toString('hex');
  const guard = startOrphanGuard();
  const child = new Child(
    {
      name: 'redis',
      command: findRedis(),
      args: ['-'],
      cwd: dir,
      env: {},
      input: redisSettings({ port, dir, password }),
      logFile: join(dir, 'redis.log'),
      readyLine: (line) => (isRedisReady(line) ? {} : null),
    },
    { log: () => undefined, changed: () => guard.watch(child.pid === null ? [] : [child.pid]) },
  );
  const stop = async (): Promise<void> => {
    await child.stop();
    guard.close();
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    await child.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: redisUrl(port, password),
    port,
    get pid() {
      return child.pid;
    },
    kill: (signal) => child.kill(signal),
    async wipe() {
      await child.kill('SIGKILL');
      await child.ready();
    },
    stop,
  };
}
