import { spawnSync } from 'node:child_process';
import { findProgram, run, say, SetupError } from './run.mjs';

/**
 * Programs that npm cannot bring: the names they may have, the system packages that hold them, and npm packages that do nothing
 * without them.
 */
export const REDIS = {
  label: 'Redis',
  programs: ['redis-server', 'valkey-server'],
  usedThrough: [],
  packages: { 'apt-get': 'redis-server', dnf: 'redis', apk: 'redis', brew: 'redis' },
  instead: 'or set REDIS_URL to a Redis that you have',
};
export const CHROMIUM = {
  label: 'Chromium (for the browser tests)',
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  usedThrough: ['playwright-core'],
  packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium', brew: '--cask chromium' },
  instead: 'or leave the browser tests out: npm test -- --only lint,types,unit,store,integration,chaos',
};

/** A Python library, so it is looked for by asking Pythons for it. */
export const MONGOMOCK = {
  label: 'Python with mongomock (for the comparison of the embedded store)',
  find: () => PYTHONS.find((python) => spawnSync(python, ['-c', 'import mongomock, bson'], QUIET).status === 0) ?? null,
  packages: { 'apt-get': 'python3-mongomock python3-pymongo' },
  instead: 'or type: python3 -m pip install mongomock pymongo',
};
const PYTHONS = ['python3', '/usr/bin/python3'];
const QUIET = { stdio: 'ignore' };

const INSTALL = {
  'apt-get': ['install', '-y', '--no-install-recommends'],
  dnf: ['install', '-y'],
  apk: ['add'],
  brew: ['install'],
};

/**
 * The program's path; installs it with the system's package manager if it is missing.
 * @throws SetupError with the line to type, when we lack the right or the package manager.
 */
export async function ensureProgram(wanted) {
  const find = wanted.find ?? (() => findProgram(wanted.programs));
  const found = find();
  if (found !== null) return found;
  const manager = Object.keys(INSTALL).find((name) => name in wanted.packages && findProgram([name]) !== null);
  if (manager === undefined) throw new SetupError(`${wanted.label} is missing: please install it, ${wanted.instead}.`);

  const command = [manager, ...INSTALL[manager], ...wanted.packages[manager].split(' ')];
  const prefix = await privilege(manager);
  if (prefix !== null) {
    say(`${wanted.label} is missing; installing it: ${[...prefix, ...command].join(' ')}`);
    await install(prefix, command);
    const installed = find();
    if (installed !== null) return installed;
  }
  const typed = manager === 'brew' ? command : ['sudo', ...command];
  throw new SetupError(`${wanted.label} is missing. Please type: ${typed.join(' ')}\n(${wanted.instead}).`);
}

async function install(prefix, command) {
  const [program, ...args] = [...prefix, ...command];
  if (await run(program, args)) return;
  if (command[0] !== 'apt-get') return;
  const [updater, ...updateArgs] = [...prefix, 'apt-get', 'update'];
  if (await run(updater, updateArgs)) await run(program, args);
}

/** What to put before the package manager, or null without the right to install. */
async function privilege(manager) {
  if (manager === 'brew') return [];
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  if (process.getuid?.() === 0) return environment;
  if (findProgram(['sudo']) === null) return null;
  if (process.stdin.isTTY) return ['sudo', ...environment];
  return (await run('sudo', ['-n', 'true'])) ? ['sudo', '-n', ...environment] : null;
}
