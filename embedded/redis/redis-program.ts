import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Valkey speaks the same protocol and takes the same settings. */
const PROGRAMS = ['redis-server', 'valkey-server'];

/** There is no Redis on this machine; the message says what to type. */
export class RedisMissingError extends Error {
  override readonly name = 'RedisMissingError';
}

/**
 * The Redis program of this machine.
 * @param path folders to search, as in PATH.
 * @throws RedisMissingError when there is none.
 */
export function findRedis(path: string = process.env['PATH'] ?? ''): string {
  for (const name of PROGRAMS) {
    for (const folder of path.split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  throw new RedisMissingError(
    'Redis is missing. Install it (Debian, Ubuntu: sudo apt-get install redis-server; Fedora: sudo dnf install redis; ' +
      'macOS: brew install redis), or set REDIS_URL to one that you have. "npm run demo" installs it where it may.',
  );
}

export interface RedisSettings {
  port: number;
  /** Folder that Redis calls its own; nothing is kept there. */
  dir: string;
  password: string;
}

/**
 * Settings for `redis-server -`, which reads them from its standard input, so that the password shows in no process list.
 * Nothing is written to disk: the truth is in the store. `hz 100` lets delayed jobs come 5 ms late instead of 100.
 */
export const redisSettings = ({ port, dir, password }: RedisSettings): string =>
  [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${JSON.stringify(dir)}`,
    `requirepass ${password}`,
    'hz 100',
    'maxmemory-policy noeviction',
    'appendonly no',
    'save ""',
    'daemonize no',
    '',
  ].join('\n');

export const redisUrl = (port: number, password: string): string => `redis://:${password}@127.0.0.1:${port}`;

/** The line of its log that says that it takes connections. */
export const isRedisReady = (line: string): boolean => line.includes('Ready to accept connections');
