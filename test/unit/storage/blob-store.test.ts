import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createFolderBlobStore } from '../../../src/storage/blob-store-folder.js';
import { BlobNotFoundError, BlobSizeError, createBlobStore, type BlobStore } from '../../../src/storage/blob-store.js';
import { startS3 } from './s3-server.js';

const image = { mimeType: 'image/png' };
let temporary: string;
let stopS3: () => Promise<void>;
const stores = new Map<string, BlobStore>();

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'blobs-'));
  const s3 = await startS3(join(temporary, 's3'), 'files');
  stopS3 = s3.stop;
  const s3Env = s3.env(temporary);
  stores.set('bucket', await createBlobStore(s3Env));
  stores.set('folder', await createBlobStore({ DATA_DIR: temporary, S3_REGION: 'us-east-1' } as typeof s3Env));
});

afterAll(async () => {
  await stopS3();
  await rm(temporary, { recursive: true, force: true });
});

const chunked = (bytes: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, n) => bytes.subarray(n * 1_000, (n + 1) * 1_000)),
  );

describe.each(['folder', 'bucket'])('blob store: %s', (name) => {
  const store = (): BlobStore => {
    const found = stores.get(name);
    if (found === undefined) throw new Error(`no store ${name}`);
    return found;
  };
  const read = async (key: string): Promise<Buffer> => buffer(await store().open(key));

  it('gives back the bytes of a buffer and of a stream', async () => {
    const bytes = randomBytes(300_000);
    await store().put('a/buffer', bytes, image);
    await store().put('a/stream', chunked(bytes), image);
    await store().put('a/sized', chunked(bytes), { ...image, size: bytes.length });
    for (const key of ['a/buffer', 'a/stream', 'a/sized']) {
      expect((await read(key)).equals(bytes)).toBe(true);
      expect(await store().stat(key)).toEqual({ size: bytes.length });
    }
  });

  it('stores an empty file', async () => {
    await store().put('empty', Buffer.alloc(0), image);
    expect(await store().stat('empty')).toEqual({ size: 0 });
    expect((await read('empty')).length).toBe(0);
  });

  it('replaces what was there', async () => {
    await store().put('twice', Buffer.from('first and longer'), image);
    await store().put('twice', Buffer.from('second'), image);
    expect((await read('twice')).toString()).toBe('second');
  });

  it('says what is missing', async () => {
    await expect(store().open('missing')).rejects.toBeInstanceOf(BlobNotFoundError);
    expect(await store().stat('missing')).toBeNull();
    await expect(store().delete('missing')).resolves.toBeUndefined();
  });

  it('forgets what is deleted', async () => {
    await store().put('gone', Buffer.from('x'), image);
    await store().delete('gone');
    expect(await store().stat('gone')).toBeNull();
    await expect(store().open('gone')).rejects.toBeInstanceOf(BlobNotFoundError);
  });

  it.each([1, -1])('stores nothing when a stream has %i bytes more than announced', async (difference) => {
    const body = chunked(randomBytes(5_000));
    const size = 5_000 - difference;
    await expect(store().put('wrong-size', body, { ...image, size })).rejects.toBeInstanceOf(BlobSizeError);
    expect(await store().stat('wrong-size')).toBeNull();
  });

  it('stores nothing when a stream breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('begun');
        throw new Error('the sender went away');
      })(),
    );
    await expect(store().put('broken', broken, image)).rejects.toThrow('the sender went away');
    expect(await store().stat('broken')).toBeNull();
  });

  it.each(['../escape', '/etc/passwd', 'a/../b', '.partial/x', 'a//b', 'a\\b', '', 'a\0b', 'a/', 'x'.repeat(201)])(
    'refuses the key %j',
    async (key) => {
      await expect(store().put(key, Buffer.from('x'), image)).rejects.toThrow(TypeError);
      await expect(store().open(key)).rejects.toThrow(TypeError);
      await expect(store().stat(key)).rejects.toThrow(TypeError);
      await expect(store().delete(key)).rejects.toThrow(TypeError);
    },
  );
});

describe('the folder', () => {
  it('leaves no half-written files, and sweeps those of a killed process', async () => {
    const folder = join(temporary, 'swept');
    await mkdir(join(folder, '.partial'), { recursive: true });
    await writeFile(join(folder, '.partial', 'old'), 'half');
    await writeFile(join(folder, '.partial', 'recent'), 'being written');
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(folder, '.partial', 'old'), twoHoursAgo, twoHoursAgo);

    const store = await createFolderBlobStore(folder);
    await store.put('kept', Buffer.from('whole'), image);
    await store.put('refused', Readable.from([Buffer.from('x')]), { ...image, size: 2 }).catch(() => undefined);

    expect(await readdir(join(folder, '.partial'))).toEqual(['recent']);
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('whole');
  });

  it('shows a reader the old file or the new one, never a mixture', async () => {
    const store = await createFolderBlobStore(join(temporary, 'atomic'));
    const versions = ['a', 'b'].map((letter) => Buffer.from(letter.repeat(200_000)));
    await store.put('file', versions[0] ?? Buffer.alloc(0), image);
    const writing = (async () => {
      for (let n = 0; n < 20; n += 1) await store.put('file', chunked(versions[n % 2] ?? Buffer.alloc(0)), image);
    })();
    for (let n = 0; n < 40; n += 1) {
      const seen = await buffer(await store.open('file'));
      expect(versions.some((version) => version.equals(seen))).toBe(true);
    }
    await writing;
  });
});
