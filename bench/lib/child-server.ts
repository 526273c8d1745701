import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A baseline in a process of its own, as the hub has one. */
export interface ChildServer {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a file of this folder that prints `{"port": n}` once it listens. */
export async function startChildServer(file: string, ...args: string[]): Promise<ChildServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), exited.then(() => ['{}'])])) as [string];
  const { port } = JSON.parse(line) as { port?: number };
  if (port === undefined || child.pid === undefined) throw new Error(`${file} did not start`);
  return {
    port,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
