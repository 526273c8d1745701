import { closeSync, existsSync, ftruncateSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Name that LMDB gives the data file of a directory. */
const DATA_FILE = 'data.mdb';
const MAGIC = 0xbeefc0de;
/** Where LMDB's meta record lies in its page, and fields in it (`MDB_meta` of LMDB's data format 2). */
const META_OFFSET = 24;
const PAGE_SIZE_OFFSET = 24;
const LAST_PAGE_OFFSET = 120;
const TRANSACTION_OFFSET = 128;
const META_BYTES = 136;

/** A data file that cannot be what the store left behind. */
export class DamagedFileError extends Error {
  constructor(what: string) {
    super(`The data file is damaged (${what}); restore a backup, or try "verify --repair" on a copy of the directory`);
  }
}

/**
 * Looks at the data file before it is mapped into memory, where reading past its end would kill the process. A file
 * shorter than its last page is filled up with zeros and must then be verified: true is returned. (Pages at the end that
 * were taken and given back in one commit were never written, so a short file may be sound.) Throws
 * {@link DamagedFileError} when the file is not LMDB's.
 */
export function prepareDataFile(directory: string): boolean {
  const path = join(directory, DATA_FILE);
  if (!existsSync(path)) return false;
  const descriptor = openSync(path, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return false;
    const first = readMeta(descriptor, 0);
    const second = readMeta(descriptor, first?.pageSize ?? 4096);
    const newest =
      first !== undefined && (second === undefined || first.transaction > second.transaction) ? first : second;
    if (newest === undefined) throw new DamagedFileError('its first pages are not those of a data file');
    const needed = (newest.lastPage + 1) * newest.pageSize;
    if (size >= needed) return false;
    ftruncateSync(descriptor, needed);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

interface Meta {
  pageSize: number;
  lastPage: number;
  transaction: bigint;
}

function readMeta(descriptor: number, page: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(descriptor, bytes, 0, META_BYTES, page + META_OFFSET) < META_BYTES) return undefined;
  if (bytes.readUInt32LE(0) !== MAGIC) return undefined;
  return {
    pageSize: bytes.readUInt32LE(PAGE_SIZE_OFFSET),
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_OFFSET)),
    transaction: bytes.readBigUInt64LE(TRANSACTION_OFFSET),
  };
}
