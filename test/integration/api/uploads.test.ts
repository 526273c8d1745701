import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, utimes } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { act } from '../../../src/commands/act.js';
import { apiRoutes } from '../../../src/api/router.js';
import { describeApi } from '../../../src/api/openapi.js';
import {
  forgotten,
  LONGEST_FORGOTTEN,
  SWEPT_AT_ONCE,
  sweepUploads,
  UPLOAD_LIFETIME,
} from '../../../src/commands/files/sweep-uploads.js';
import { takeUploads } from '../../../src/commands/files/take-uploads.js';
import { AttachmentModel } from '../../../src/models/index.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { SYSTEM } from '../../../src/policies/index.js';
import uploadsSweep from '../../../workers/sweeps/uploads.sweep.js';
import { exif, jpeg, png, SECRET } from '../../unit/utils/pictures.js';
import { file, UploadApp, type UploadAnswer, type Uploader } from './uploads-support.js';

const WIDGET = { path: '/api/widget/uploads' };
const PDF = '%PDF-1.7\n%%EOF';

let app: UploadApp;
let ada: Uploader;

beforeAll(async () => {
  app = await UploadApp.start();
  ada = await app.agent('ada');
});
afterAll(() => app.stop());

const take = (owner: string, ids: string[]) => {
  const to = { message: new mongoose.Types.ObjectId(), conversation: new mongoose.Types.ObjectId() };
  return act(app.hub, SYSTEM, (unit) => takeUploads(unit, [owner], ids, to));
};

describe('uploading', () => {
  afterEach(async () => {
    expect(await app.leftovers()).toEqual([]);
  });

  it.each<[string, Buffer | string, string, string, object]>([
    ['a picture', png(), 'a.png', 'image/png', { kind: 'image', name: 'a.png', mimeType: 'image/png' }],
    ['a PDF', PDF, 'a.pdf', 'application/pdf', { kind: 'file', name: 'a.pdf', mimeType: 'application/pdf' }],
    ['text', 'Grüße', 'März.txt', 'text/plain', { kind: 'file', name: 'März.txt', mimeType: 'text/plain' }],
    ['CSV', 'a,b\n', 'a.csv', 'text/csv', { kind: 'file', name: 'a.csv', mimeType: 'text/csv' }],
    ['a lying name', png(), '../x/evil.exe', 'image/png', { kind: 'image', name: 'evil.png', mimeType: 'image/png' }],
    ['a lying type', PDF, 'a.html', 'text/html', { kind: 'file', name: 'a.pdf', mimeType: 'application/pdf' }],
  ])('stores %s as what it is', async (_what, bytes, name, type, expected) => {
    const attachment = await app.stored(ada, file(bytes, name, type));
    const size = Buffer.byteLength(bytes);
    expect(attachment).toMatchObject({ ...expected, size, state: 'stored', link: null, details: [] });
    const row = await AttachmentModel.findById(attachment.id).lean();
    expect(row).toMatchObject({ owner: ada.owner, message: null, state: 'stored', size });
    expect(await app.blobs.stat(row?.blobKey ?? '')).toEqual({ size });
  });

  it('takes a file as large as allowed and refuses one byte more', async () => {
    const largest = Buffer.alloc(LIMITS.fileSize, 'a');
    expect((await app.stored(ada, file(largest, 'a.txt'))).size).toBe(LIMITS.fileSize);
    const { status, body } = await app.upload(ada, [['file', file(Buffer.alloc(LIMITS.fileSize + 1, 'a'), 'a.txt')]]);
    expect(status).toBe(413);
    expect(body.error).toEqual({ code: 'TOO_LARGE', message: 'A file may have at most 10 MB.' });
  });

  it.each([
    ['announced', false],
    ['sent without a length', true],
  ])('refuses a far too large form, %s', async (_how, chunked) => {
    const head =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n';
    const parts = [Buffer.from(head), ...Array.from({ length: 15 }, () => Buffer.alloc(1024 * 1024, 'a'))];
    const body = chunked ? ReadableStream.from(parts) : Buffer.concat(parts);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
    expect((await app.post(ada, body, { headers })).status).toBe(413);
  });

  it.each<[string, [string, File | string][], string]>([
    ['no file', [], 'file'],
    [
      'two files',
      [
        ['file', file('a', 'a.txt')],
        ['file', file('b', 'b.txt')],
      ],
      'file',
    ],
    ['an empty file', [['file', file('', 'a.txt')]], 'file'],
    ['text in place of the file', [['file', 'hello']], 'file'],
    [
      'another field',
      [
        ['file', file('a', 'a.txt')],
        ['owner', 'user:1'],
      ],
      'owner',
    ],
    ['a file of another name', [['avatar', file('a', 'a.txt')]], 'avatar'],
  ])('refuses %s', async (_what, fields, field) => {
    const { status, body } = await app.upload(ada, fields);
    expect(status).toBe(400);
    expect(body.error?.code).toBe('VALIDATION_ERROR');
    if (fields.length > 0) expect(body.error?.details?.map((detail) => detail.field)).toContain(field);
  });

  it.each(['xJSONx', 'x-octet-stream-x', 'xurlencodedx'])('does not stumble over the boundary %s', async (boundary) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n`;
    const body = `${head}Content-Type: text/plain\r\n\r\nhi\r\n--${boundary}--\r\n`;
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    expect((await app.post(ada, body, { headers })).body.data?.attachment).toMatchObject({ name: 'a.txt', size: 2 });
  });

  it('refuses a form cut off and bodies that are no form', async () => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
    const cut =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi';
    expect((await app.post(ada, cut, { headers })).status).toBe(400);
    expect((await app.post(ada, cut, { headers: { 'Content-Type': 'multipart/form-data' } })).status).toBe(400);
    expect((await app.post(ada, '{}', { headers: { 'Content-Type': 'application/json' } })).status).toBe(415);
  });

  it.each<[string, Buffer | string, string, string]>([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg', 'image/svg+xml'],
    ['HTML as a picture', '<!doctype html><script>alert(1)</script>', 'a.png', 'image/png'],
    ['a program as a picture', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'a.jpg', 'image/jpeg'],
    ['a damaged picture', png().subarray(0, -5), 'a.png', 'image/png'],
  ])('refuses %s with a sentence and stores nothing', async (_what, bytes, name, type) => {
    const before = await AttachmentModel.countDocuments();
    const { status, body } = await app.upload(ada, [['file', file(bytes, name, type)]]);
    expect(status).toBe(415);
    expect(body.error).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: expect.stringMatching(/Please .*\.$/),
    });
    expect(await AttachmentModel.countDocuments()).toBe(before);
  });

  it('takes the location out of pictures', async () => {
    const attachment = await app.stored(ada, file(jpeg(exif(6)), 'home.jpg'));
    const bytes = Buffer.from(await (await app.get(attachment.url ?? '')).arrayBuffer());
    expect(bytes.includes(SECRET)).toBe(false);
    expect(bytes.length).toBe(attachment.size);
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
  });

  it('removes what a killed process left', async () => {
    const abandoned = join(app.folder, 'tmp', 'upload-abandoned');
    await mkdir(abandoned, { recursive: true });
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(abandoned, longAgo, longAgo);
    await app.stored(ada, file('a', 'a.txt'));
  });
});

it('leaves nothing behind when the sender goes away', async () => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  const head = [
    'POST /api/uploads HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${ada.token}`,
    'Content-Type: multipart/form-data; boundary=b',
    'Content-Length: 5000',
    '',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi',
  ];
  socket.write(head.join('\r\n'));
  const until = async (count: number): Promise<void> => {
    while ((await app.leftovers()).length !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  await until(1);
  socket.destroy();
  await once(socket, 'close');
  await until(0);
});

it('answers 503 when the files cannot be stored, and the sweep finds what is left', async () => {
  const { put } = app.blobs;
  app.blobs.put = () => Promise.reject(new Error('disk full'));
  try {
    expect((await app.upload(ada, [['file', file('a', 'late.txt')]])).status).toBe(503);
  } finally {
    app.blobs.put = put;
  }
  expect(await AttachmentModel.findOne({ name: 'late.txt' }).lean()).toMatchObject({ state: 'pending', message: null });
});

describe('who may upload', () => {
  it('is a visitor, from the sites of the inbox', async () => {
    const visitor = await app.visitor(['https://shop.example']);
    const from = (origin: string) =>
      app.upload(visitor, [['file', file(png(), 'a.png')]], { ...WIDGET, headers: { Origin: origin } });
    const good = await from('https://shop.example');
    expect(good.status).toBe(201);
    expect(good.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
    const row = await AttachmentModel.findById(good.body.data?.attachment.id).lean();
    expect(row?.owner).toBe(visitor.owner);
    expect((await from('https://evil.example')).status).toBe(403);
  });

  it('alone may attach it, once', async () => {
    const eve = await app.agent('eve');
    const { id } = await app.stored(ada, file('a', 'a.txt'));
    await expect(take(eve.owner, [id])).rejects.toMatchObject({ status: 400 });
    expect((await take(ada.owner, [id])).map((row) => String(row._id))).toEqual([id]);
    await expect(take(ada.owner, [id])).rejects.toMatchObject({ status: 400 });
  });

  it('is limited, each person for themselves and visitors by address', async () => {
    const busy = await app.agent('busy');
    const refused = await refusedAfter(300, () => app.upload(busy, []));
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    await app.stored(ada, file('a', 'a.txt'));
    await refusedAfter(60, () => app.upload(null, [], WIDGET));
    expect((await app.upload(await app.visitor(), [], WIDGET)).status).toBe(429);
  }, 60_000);
});

/**
 * Tries until one is refused for its number: after `limit`, or up to twice as many, because what Redis did not count in time on a busy
 * machine is counted in memory, up to the same limit.
 */
async function refusedAfter(limit: number, upload: () => Promise<UploadAnswer>): Promise<UploadAnswer> {
  const group = 20;
  for (let tried = 0; tried <= 2 * limit; tried += group) {
    const answers = await Promise.all(Array.from({ length: group }, upload));
    const refused = answers.find(({ status }) => status === 429);
    if (refused !== undefined) {
      // The uploads of the tests before count too, where they came from one address.
      expect(tried + group).toBeGreaterThanOrEqual(limit);
      return refused;
    }
  }
  throw new Error('nothing was refused');
}

describe('uploads that no message took', () => {
  beforeEach(async () => {
    await AttachmentModel.deleteMany({});
  });
  afterEach(() => {
    app.test.clock.offset = 0;
  });
  const keyOf = async (id: string): Promise<string> => (await AttachmentModel.findById(id).lean())?.blobKey ?? '';

  it('are deleted after a day, with their bytes; others stay', async () => {
    const late = await app.stored(ada, file('a', 'a.txt'));
    const taken = await app.stored(ada, file('b', 'b.txt'));
    await take(ada.owner, [taken.id]);
    const [forgottenKey, takenKey] = [await keyOf(late.id), await keyOf(taken.id)];
    expect(await sweepUploads(app.hub)).toBe(0);
    app.test.clock.offset = UPLOAD_LIFETIME + 1;
    expect(await sweepUploads(app.hub)).toBe(1);
    expect(await AttachmentModel.exists({ _id: late.id })).toBeNull();
    expect(await app.blobs.stat(forgottenKey)).toBeNull();
    expect(await app.blobs.stat(takenKey)).toEqual({ size: 1 });
  });

  it('stay for the next run when the bytes cannot be deleted, and cannot be attached meanwhile', async () => {
    const { id } = await app.stored(ada, file('a', 'a.txt'));
    app.test.clock.offset = UPLOAD_LIFETIME + 1;
    const remove = app.blobs.delete;
    app.blobs.delete = () => Promise.reject(new Error('not now'));
    try {
      expect(await sweepUploads(app.hub)).toBe(0);
    } finally {
      app.blobs.delete = remove;
    }
    await expect(take(ada.owner, [id])).rejects.toMatchObject({ status: 400 });
    expect(await sweepUploads(app.hub)).toBe(1);
  });

  it('that cannot be deleted hold up no others', async () => {
    const row = { owner: ada.owner, kind: 'file', name: 'a.txt', state: 'stored', createdAt: new Date(0) } as const;
    const stuck = Array.from({ length: SWEPT_AT_ONCE }, (_, n) => ({ ...row, blobKey: `uploads/stuck-${n}` }));
    await AttachmentModel.insertMany(stuck);
    const { id } = await app.stored(ada, file('a', 'a.txt'));
    app.test.clock.offset = UPLOAD_LIFETIME + 1;
    const remove = app.blobs.delete.bind(app.blobs);
    app.blobs.delete = (key) => (key.includes('stuck') ? Promise.reject(new Error('not now')) : remove(key));
    try {
      expect(await sweepUploads(app.hub)).toBe(0);
      expect(await sweepUploads(app.hub)).toBe(1);
    } finally {
      app.blobs.delete = remove;
    }
    expect(await AttachmentModel.exists({ _id: id })).toBeNull();
    expect(await sweepUploads(app.hub)).toBe(SWEPT_AT_ONCE);
  });

  it('are found without looking at pictures of contacts and at what messages have', async () => {
    const row = { kind: 'image', name: 'a.png', state: 'stored', createdAt: new Date() } as const;
    const message = new mongoose.Types.ObjectId();
    await AttachmentModel.insertMany(Array.from({ length: 50 }, () => row));
    await AttachmentModel.insertMany(Array.from({ length: 50 }, () => ({ ...row, owner: ada.owner, message })));
    await AttachmentModel.insertMany([{ ...row, owner: ada.owner, createdAt: new Date(0) }]);
    const { executionStats } = (await AttachmentModel.find(forgotten(Date.now()))
      .sort(LONGEST_FORGOTTEN)
      .explain('executionStats')) as unknown as { executionStats: { nReturned: number; totalDocsExamined: number } };
    expect(executionStats).toMatchObject({ nReturned: 1, totalDocsExamined: 1 });
  });

  it('are deleted so many at once, and none once the run is ended', async () => {
    const row = { owner: ada.owner, kind: 'file', name: 'a.txt', state: 'pending', createdAt: new Date() } as const;
    await AttachmentModel.insertMany(Array.from({ length: SWEPT_AT_ONCE + 1 }, () => row));
    app.test.clock.offset = UPLOAD_LIFETIME + 1;
    expect(await sweepUploads(app.hub, AbortSignal.abort())).toBe(0);
    expect(await sweepUploads(app.hub)).toBe(SWEPT_AT_ONCE);
    expect(await sweepUploads(app.hub)).toBe(1);
  });

  it('are all found by the sweep that runs every hour', async () => {
    expect(uploadsSweep.every).toBe(3_600_000);
    const row = { owner: ada.owner, kind: 'file', name: 'a.txt', state: 'pending', createdAt: new Date() } as const;
    await AttachmentModel.insertMany(Array.from({ length: 2 * SWEPT_AT_ONCE + 1 }, () => row));
    app.test.clock.offset = UPLOAD_LIFETIME + 1;
    await uploadsSweep.perform(app.hub, new AbortController().signal);
    expect(await AttachmentModel.countDocuments(forgotten(app.hub.now()))).toBe(0);
  });
});

it('stands in the API document as a form with a file', () => {
  const { paths } = describeApi(apiRoutes([]), 'https://support.example');
  expect(paths?.['/api/uploads']?.post?.requestBody).toMatchObject({
    content: { 'multipart/form-data': { schema: { properties: { file: { type: 'string', format: 'binary' } } } } },
  });
});
