import type { Readable } from 'node:stream';

/** Where files live: a local folder or S3. Keys are ours, never a client's. */
export interface BlobStore {
  /** Stores the whole content under the key, replacing what was there; it is there completely or not at all. */
  put(key: string, content: Readable | Buffer, meta: { mimeType: string; size?: number }): Promise<void>;
  /** @throws Error with `code: 'ENOENT'` when there is no such key. */
  open(key: string): Promise<Readable>;
  delete(key: string): Promise<void>;
}
