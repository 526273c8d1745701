import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { built } from './built.js';

/** A process that has said that it is ready. */
export interface Child<T> {
  /** The line it printed, parsed. */
  ready: T;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Runs Node with these arguments and waits for its first line, which is JSON.
 * @throws Error when the process ends before it prints one.
 */
export async function startChild<T>(args: readonly string[]): Promise<Child<T>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => null)]);
  if (first === null || child.pid === undefined) throw new Error(`${args.join(' ')} did not start`);
  return {
    ready: JSON.parse(String(first[0])) as T,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A baseline in a process of its own, as the hub has one. */
export interface ChildServer {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a file of this folder that prints `{"port": n}` once it listens. */
export async function startChildServer(file: string, ...args: string[]): Promise<ChildServer> {
  const { ready, pid, stop } = await startChild<{ port: number }>([await built(file), ...args]);
  return { port: ready.port, pid, stop };
}
