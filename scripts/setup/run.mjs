import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

/** The project's folder. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** A set-up step failed for a reason that the message explains; no stack is needed. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** One line about what is being done. */
export const say = (line) => console.log(`\n▸ ${line}`);

/**
 * Runs a program in the project's folder with our own terminal.
 * @param {{ env?: Record<string, string>, timeoutMs?: number }} [options] past the time it is killed.
 * @returns {Promise<boolean>} whether it ended well
 */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...options.env } });
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            console.error(`${command} did not end within ${options.timeoutMs / 60_000} minutes and was stopped.`);
            child.kill('SIGKILL');
          }, options.timeoutMs);
    const finish = (ended) => {
      clearTimeout(timer);
      done(ended);
    };
    child.on('error', () => finish(false));
    child.on('exit', (code) => finish(code === 0));
  });
}

/** Runs a JavaScript program of an installed package. */
export const runTool = (path, args, options) =>
  run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);

/** The first of these programs found on PATH, or null. */
export function findProgram(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  return null;
}

/** Ends a command: a SetupError shows its message only, anything else is a fault of ours and shows everything. */
export async function main(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
