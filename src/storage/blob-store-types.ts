import type { Readable } from 'node:stream';

/** Where files live: uploads, copies of platform attachments, exports. Keys are chosen by us, never by a user. */
export interface BlobStore {
  /**
   * Stores the bytes under the key, replacing what was there; a reader sees the old bytes or the new ones, never a mixture.
   * @throws BlobSizeError when a stream's length differs from the announced one.
   */
  put(key: string, body: Readable | Buffer, options: BlobOptions): Promise<void>;
  /** The bytes. @throws BlobNotFoundError when there are none under the key. */
  open(key: string): Promise<Readable>;
  /** Null when nothing is stored under the key. */
  stat(key: string): Promise<BlobStat | null>;
  /** Forgets the bytes; nothing happens when there are none. */
  delete(key: string): Promise<void>;
}

export interface BlobOptions {
  mimeType: string;
  /** Length in bytes, where the caller knows it of a stream. */
  size?: number;
}

export interface BlobStat {
  /** Bytes. */
  size: number;
}

/** Nothing is stored under the key. */
export class BlobNotFoundError extends Error {
  override readonly name = 'BlobNotFoundError';
}

/** The stream was shorter or longer than announced; nothing was stored. */
export class BlobSizeError extends Error {
  override readonly name = 'BlobSizeError';
}

const SEGMENT = '[A-Za-z0-9][A-Za-z0-9._-]*';
const KEY = new RegExp(`^${SEGMENT}(/${SEGMENT})*$`);
const MAX_KEY_LENGTH = 200;

/**
 * Refuses keys that mean something to a file system: segments begin with a letter or digit, so `..`, hidden names and absolute
 * paths cannot be written.
 * @throws TypeError naming the key.
 */
export function assertBlobKey(key: string): void {
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) throw new TypeError(`Not a file key: ${JSON.stringify(key)}`);
}
