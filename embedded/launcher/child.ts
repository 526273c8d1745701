import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openChildLog, type ChildLog } from './child-log.js';
import { createDeferred } from './deferred.js';

/** How one process of the stack is run. Times in milliseconds. */
export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  /** Added to our own environment. */
  env: Record<string, string>;
  /** Written to its standard input, which is then closed. */
  input?: string;
  /** What it prints goes here, below what earlier runs printed. */
  logFile: string;
  /** What it says of itself once it is ready, from a line of its standard output; null: not yet. */
  readyLine: (line: string) => ReadyInfo | null;
  /** Its first start fails after this long. */
  readyWithin?: number;
  /** It is killed when it has not ended this long after being asked to. */
  stopWithin?: number;
}

export type ReadyInfo = Readonly<Record<string, unknown>>;

/** What the supervisor tells whoever started it. */
export interface ChildEvents {
  /** One sentence for people. */
  log: (line: string) => void;
  /** The process has begun or ended. */
  changed: () => void;
}

/** A child did not start; the message holds its own last words. */
export class ChildFailedError extends Error {
  override readonly name = 'ChildFailedError';
}

const READY_WITHIN = 60_000;
const STOP_WITHIN = 20_000;
/** Waits before a restart: none at first, longer while it keeps dying young. */
const BACK_OFF = [0, 250, 500, 1_000, 2_000, 5_000];
/** A child that lived this long after it was ready is healthy again. */
const HEALTHY_AFTER = 5_000;
const DEADLY: NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT', 'SIGSEGV'];

/** The ready line of our own programs: one JSON object with `ready: true`. */
export function jsonReadyLine(line: string): ReadyInfo | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as ReadyInfo;
    return value['ready'] === true ? value : null;
  } catch {
    return null;
  }
}

/** Runs one process: starts it, starts it again whenever it ends, and stops it. */
export class Child {
  readonly name: string;
  readonly #spec: ChildSpec;
  readonly #events: ChildEvents;
  readonly #log: ChildLog;
  #env: Record<string, string> = {};
  #process: ChildProcess | null = null;
  #exit = createDeferred<void>();
  #ready = createDeferred<ReadyInfo>();
  #readyAt: number | null = null;
  #starts = 0;
  #youngDeaths = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #wanted = true;
  #killedByUs = false;

  constructor(spec: ChildSpec, events: ChildEvents) {
    this.name = spec.name;
    this.#spec = spec;
    this.#events = events;
    this.#log = openChildLog(spec.logFile);
  }

  /** Null while it is not running. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** Resolves when it is ready: at once if it is, else after the start that is under way or due. */
  ready(): Promise<ReadyInfo> {
    return this.#ready.promise;
  }

  /** The first start. @throws ChildFailedError when it ends, or its time does, before it is ready; it is then not tried again. */
  async start(): Promise<ReadyInfo> {
    const limit = this.#spec.readyWithin ?? READY_WITHIN;
    this.#spawn();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`was not ready within ${limit / 1_000} seconds`)), limit);
    });
    const ended = this.#exit.promise.then(() => Promise.reject(this.#failure('ended before it was ready')));
    try {
      return await Promise.race([this.ready(), ended, late]);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Sends a signal. A deadly one resolves when the process has ended and `ready()` waits for its successor; it does not count
   * as a fault, so the restart is immediate. Others resolve at once.
   */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    if (!DEADLY.includes(signal)) {
      running.kill(signal);
      return;
    }
    this.#killedByUs = true;
    const { promise } = this.#exit;
    running.kill(signal);
    await promise;
  }

  /** Variables for the next start, besides those of the first. */
  setEnv(env: Record<string, string>): void {
    this.#env = env;
  }

  /** Asks it to end, also when it is suspended, kills it when its time is over, and starts it no more. */
  async stop(): Promise<void> {
    if (!this.#wanted) return this.#process === null ? undefined : this.#exit.promise;
    this.#wanted = false;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    if (this.#readyAt !== null) this.#ready = createDeferred();
    this.#ready.reject(new ChildFailedError(`${this.name} was stopped.`));
    const running = this.#process;
    if (running !== null) {
      running.kill('SIGTERM');
      running.kill('SIGCONT');
      const timer = setTimeout(() => running.kill('SIGKILL'), this.#spec.stopWithin ?? STOP_WITHIN);
      await this.#exit.promise;
      clearTimeout(timer);
    }
    this.#log.close();
  }

  /** Ends it now, without asking. */
  forceStop(): void {
    this.#process?.kill('SIGKILL');
  }

  #failure(what: string): ChildFailedError {
    const tail = this.#log.tail();
    return new ChildFailedError(`${this.name} ${what}.${tail === '' ? '' : ` It said:\n${tail}`}`);
  }

  #spawn(): void {
    const { command, args, cwd, env, input } = this.#spec;
    this.#restartTimer = null;
    this.#starts += 1;
    this.#readyAt = null;
    this.#killedByUs = false;
    this.#exit = createDeferred();
    const started = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env, ...this.#env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', this.#log.fd],
      // Ctrl-C reaches the launcher alone, which stops its children in order.
      detached: true,
    });
    this.#process = started;
    started.once('error', (error) => this.#log.write(error.message));
    // 'close' and not 'exit': what it said last has been read by then, and it also follows a failed start.
    started.once('close', (code, signal) => this.#onEnd(code, signal));
    started.stdin?.on('error', () => undefined).end(input);
    if (started.stdout !== null)
      createInterface({ input: started.stdout }).on('line', (line) => this.#onLine(started, line));
    this.#events.changed();
  }

  #onLine(from: ChildProcess, line: string): void {
    const info = this.#readyAt === null && from === this.#process ? this.#spec.readyLine(line) : null;
    if (info === null) {
      if (this.#wanted) this.#log.write(line);
      return;
    }
    this.#readyAt = Date.now();
    this.#ready.resolve(info);
    if (this.#starts > 1) this.#events.log(`${this.name} is back`);
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null): void {
    this.#process = null;
    this.#events.changed();
    if (this.#wanted && this.#hasStartedOnce()) this.#planRestart(code, signal);
    this.#exit.resolve();
  }

  /** A child whose first start failed is not tried again: `start` reports it. */
  #hasStartedOnce(): boolean {
    return this.#starts > 1 || this.#readyAt !== null;
  }

  #planRestart(code: number | null, signal: NodeJS.Signals | null): void {
    const healthy = this.#readyAt !== null && Date.now() - this.#readyAt >= HEALTHY_AFTER;
    if (healthy) this.#youngDeaths = 0;
    const wait = this.#killedByUs ? 0 : (BACK_OFF[Math.min(this.#youngDeaths, BACK_OFF.length - 1)] ?? 0);
    if (!this.#killedByUs) this.#youngDeaths += 1;
    if (this.#readyAt !== null) this.#ready = createDeferred();
    const reason = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    const last = code === 0 || signal !== null ? '' : ` (${this.#log.tail().split('\n').at(-1) ?? ''})`;
    this.#events.log(`${this.name} ${reason}${last}; starting it again${wait === 0 ? '' : ` in ${wait} ms`}`);
    this.#restartTimer = setTimeout(() => this.#spawn(), wait);
  }
}
