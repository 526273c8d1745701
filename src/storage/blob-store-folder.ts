import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { machineTime } from '../utils/clock.js';
import { assertBlobKey, BlobNotFoundError, BlobSizeError, type BlobStore } from './blob-store-types.js';

/** What a killed process left half written is removed after this long. Milliseconds. */
const ABANDONED_AFTER = 60 * 60 * 1000;

const isMissing = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
};

/** Files in a local folder, one per key. Its `.partial` holds what is being written. */
export async function createFolderBlobStore(folder: string): Promise<BlobStore> {
  const partial = join(folder, '.partial');
  await mkdir(partial, { recursive: true });
  await removeAbandoned(partial);
  const pathOf = (key: string): string => {
    assertBlobKey(key);
    return join(folder, key);
  };

  return {
    async put(key, body, options) {
      const target = pathOf(key);
      const temporary = join(partial, randomUUID());
      try {
        const size = await writeDurably(temporary, body);
        const expected = Buffer.isBuffer(body) ? body.length : options.size;
        if (expected !== undefined && expected !== size)
          throw new BlobSizeError(`${size} bytes came, ${expected} were announced`);
        await mkdir(dirname(target), { recursive: true });
        await rename(temporary, target);
        await syncFolder(dirname(target));
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async open(key) {
      try {
        const file = await open(pathOf(key), 'r');
        return file.createReadStream();
      } catch (error) {
        throw isMissing(error) ? new BlobNotFoundError(key, { cause: error }) : error;
      }
    },
    async stat(key) {
      try {
        const { size } = await stat(pathOf(key));
        return { size };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    delete: async (key) => rm(pathOf(key), { force: true }),
  };
}

/** Resolves with the bytes written, once they are on the disk. */
async function writeDurably(path: string, body: Readable | Buffer): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    await writeFile(file, body);
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeAbandoned(partial: string): Promise<void> {
  const limit = machineTime() - ABANDONED_AFTER;
  for (const name of await readdir(partial)) {
    const path = join(partial, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < limit) await rm(path, { force: true });
  }
}
