import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say, SetupError } from './run.mjs';

const readPackages = (path) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  } catch {
    return null;
  }
};

/** Whether `node_modules` of the folder holds what its lock file names; npm leaves a list of what it installed. */
export function isInstalled(folder = '.') {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(join(folder, 'node_modules/.package-lock.json'));
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' ||
      link === true ||
      (installed[path] === undefined ? optional === true : installed[path].version === version),
  );
}

/** Installs the packages of the lock file unless they are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  say('Installing packages (npm ci)');
  if (!(await run('npm', ['ci', '--no-audit', '--no-fund'])))
    throw new SetupError('The packages could not be installed. npm says why above; then try again.');
}
