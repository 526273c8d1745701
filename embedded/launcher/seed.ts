import { spawn } from 'node:child_process';
import { openChildLog } from './child-log.js';
import { ChildFailedError, type ChildSpec } from './child.js';

/** What the seed says it put there. */
export interface DemoData {
  users: { role: string; email: string; password: string }[];
  inboxes: { id: string; channel: string; name: string; key: string }[];
}

/**
 * Runs the seed to its end. Its last line of standard output is the demo's data as JSON.
 * @throws ChildFailedError with its own last words.
 */
export async function runSeed(spec: ChildSpec): Promise<DemoData> {
  const log = openChildLog(spec.logFile);
  try {
    const { output, code } = await runToEnd(spec, log.fd);
    if (code !== 0) throw new ChildFailedError(`${spec.name} ended with code ${code}. It said:\n${log.tail()}`);
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as DemoData;
  } finally {
    log.close();
  }
}

function runToEnd(spec: ChildSpec, logFd: number): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', logFd],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });
}
