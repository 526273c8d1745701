import type { ReadyInfo } from './child.js';
import type { Secrets } from './secrets.js';
import type { DemoData } from './seed.js';
import type { Entries } from './specs.js';

export type Role = 'all' | 'api' | 'worker';

export interface StackOptions {
  /** Everything the stack keeps, its secrets and logs included. */
  dataDir: string;
  /** Empties the folder first. */
  fresh?: boolean;
  /** Port of the first hub process; without one, one that is free and kept from then on. */
  port?: number;
  /** One hub process for each; default: one that does all. */
  roles?: Role[];
  /** Used instead of an embedded store. */
  mongodbUri?: string;
  /** Used instead of a Redis of our own. */
  redisUrl?: string;
  /** Messenger is played by the sandbox; default true. */
  sandbox?: boolean;
  /** The demo's company is put into the store, and its log-ins and shop are shown (`DEMO`); default true. */
  seed?: boolean;
  /** For every hub process, above what the stack itself sets. */
  env?: Record<string, string>;
  /** Told, in sentences, what starts, ends and comes back. */
  log?: (line: string) => void;
  /** Gives the start up; everything that runs by then is stopped, and the start fails. */
  signal?: AbortSignal;
  /** Other programs in the place of ours. */
  entries?: Partial<Entries>;
}

export interface StackUrls {
  hub: string;
  /** Of every process that serves HTTP, the hub's first. */
  apis: string[];
  sandbox: string | null;
  mongodb: string;
  redis: string;
}

/** A running hub with all it needs. Processes: `store`, `redis`, `sandbox`, and `hub` or `api`, `worker`, `api-2` … */
export interface Stack {
  readonly urls: StackUrls;
  readonly demo: DemoData;
  readonly secrets: Secrets;
  names(): string[];
  /** Null while it is not running. */
  pid(name: string): number | null;
  /** How often it was started. */
  starts(name: string): number;
  /**
   * Sends a signal, SIGKILL by default; it is then started again. Resolves when the process has ended, or at once for signals
   * that do not end it.
   */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when it is ready, after a kill: when its successor is. */
  ready(name: string): Promise<ReadyInfo>;
  /** Kills it and resolves when its successor is ready, which has these variables besides the first one's. */
  restart(name: string, options?: { env?: Record<string, string>; signal?: NodeJS.Signals }): Promise<void>;
  /** Redis dies and comes back empty. */
  wipeRedis(): Promise<void>;
  /** Stops everything in order; the data stays. */
  stop(): Promise<void>;
  /** Kills everything at once; `stop` still has to be awaited. */
  forceStop(): void;
}

/** The stack did not start; the message says why and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
