import { linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, writePrivateJson } from './private-file.js';
import { processBegan } from './running-process.js';

/** The data folder cannot be used; the message says why and what to do. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}

/** The data folder is ours until it is released. */
export interface DataDir {
  readonly path: string;
  /** Notes our children, so that a successor can wait until the last of them has ended. */
  noteChildren(pids: number[]): void;
  release(): void;
}

interface Owner {
  pid: number;
  /** Another value means another process under the same number. */
  began: string;
  children: number[];
}

const LOCK = 'launcher.lock';
/** Made at the first start, so a folder that has it is a data folder. */
export const SECRETS_FILE = 'secrets.json';
/** How long the children of a launcher that was killed may take to end. Milliseconds. */
const ORPHANS_END_WITHIN = 10_000;
const LOOK_EVERY = 50;

/**
 * Makes the folder ours alone.
 * @param fresh empties it first.
 * @throws DataDirError when another launcher uses it, or when it should be emptied but is not a data folder.
 */
export async function claimDataDir(folder: string, fresh: boolean): Promise<DataDir> {
  const path = resolve(folder);
  const lock = join(path, LOCK);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  await clearStaleLock(lock, path);
  const owner: Owner = { pid: process.pid, began: processBegan(process.pid) ?? '', children: [] };
  takeLock(lock, owner, path);
  const release = (): void => rmSync(lock, { force: true });
  try {
    if (fresh) empty(path);
  } catch (error) {
    release();
    throw error;
  }
  return { path, noteChildren: (children) => writePrivateJson(lock, { ...owner, children }), release };
}

const inUse = (path: string): DataDirError =>
  new DataDirError(
    `Switchboard is already running on ${path}. Stop it first, or choose another folder with --data <folder>.`,
  );

/** A link to a complete file appears at once or not at all. */
function takeLock(lock: string, owner: Owner, path: string): void {
  const claim = `${lock}.${process.pid}`;
  writePrivateJson(claim, owner);
  try {
    linkSync(claim, lock);
  } catch {
    throw inUse(path);
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Refuses while the last owner runs; otherwise waits for its orphans and moves its lock out of the way. */
async function clearStaleLock(lock: string, path: string): Promise<void> {
  const owner = readJson<Owner>(lock);
  if (owner === null) return;
  if (processBegan(owner.pid) === owner.began) throw inUse(path);
  const deadline = Date.now() + ORPHANS_END_WITHIN;
  while (owner.children.some((pid) => processBegan(pid) !== null) && Date.now() < deadline) await sleep(LOOK_EVERY);
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const moved = readJson<Owner>(aside);
  if (moved?.pid !== owner.pid || moved.began !== owner.began) {
    // Somebody else had cleared it and taken the folder in between: give it back.
    linkSync(aside, lock);
    rmSync(aside);
    throw inUse(path);
  }
  rmSync(aside);
}

function empty(path: string): void {
  const names = readdirSync(path).filter((name) => name !== LOCK);
  if (names.length > 0 && !names.includes(SECRETS_FILE))
    throw new DataDirError(`${path} does not look like a data folder of Switchboard, so it is not emptied.`);
  for (const name of names) rmSync(join(path, name), { recursive: true, force: true });
}
