import { extname, join, resolve } from 'node:path';

/** The folder that holds `src`, `embedded` and so on: the project, or `dist` once it is built. */
const CODE_ROOT = resolve(import.meta.dirname, '../..');
const EXTENSION = extname(import.meta.filename);
const IS_BUILT = EXTENSION === '.js';

/** The project's folder, where `node_modules` lies. */
export const PROJECT_ROOT = IS_BUILT ? resolve(CODE_ROOT, '..') : CODE_ROOT;

/** A way to run a program. */
export interface Command {
  command: string;
  args: string[];
}

/** Runs a JavaScript or TypeScript file with this Node; TypeScript by tsx, as in development and tests. */
export function nodeCommand(file: string, nodeFlags: string[] = []): Command {
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  return { command: process.execPath, args: [...nodeFlags, ...loader, file] };
}

/** The file of one of our programs, named without its ending: beside us, built or not. */
export const entryFile = (name: string): string => join(CODE_ROOT, `${name}${EXTENSION}`);
