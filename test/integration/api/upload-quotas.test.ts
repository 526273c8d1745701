import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AttachmentModel } from '../../../src/models/index.js';
import { file, UploadApp, type UploadAnswer, type Uploader } from './uploads-support.js';

const MB = 1024 * 1024;
const WIDGET = { path: '/api/widget/uploads' };

let app: UploadApp;

beforeAll(async () => {
  app = await UploadApp.start({
    ...{ UPLOAD_VISITOR_FILES: '3', UPLOAD_VISITOR_MB: '10' },
    ...{ UPLOAD_INBOX_FILES: '5', UPLOAD_INBOX_MB: '15' },
    ...{ UPLOAD_STAFF_FILES: '6', UPLOAD_STAFF_MB: '20' },
  });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.test.redis.flushall();
});

const send = (who: Uploader, bytes: number): Promise<UploadAnswer> =>
  app.upload(who, [['file', file(Buffer.alloc(bytes, 'a'), 'a.txt')]], who.inboxId === undefined ? {} : WIDGET);
const statuses = async (who: Uploader, ...sizes: number[]): Promise<number[]> => {
  const found: number[] = [];
  for (const bytes of sizes) found.push((await send(who, bytes)).status);
  return found;
};
const blobs = async (): Promise<number> =>
  (await readdir(join(app.folder, 'files'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    .length;

describe('a quota of uploads', () => {
  it('is the visitor’s own, in bytes: what is beyond leaves nothing, and room for what is smaller', async () => {
    const visitor = await app.visitor();
    expect(await statuses(visitor, 6 * MB)).toEqual([201]);
    const before = [await AttachmentModel.countDocuments(), await blobs()];
    const refused = await send(visitor, 5 * MB);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(23 * 3600);
    expect(refused.body.error).toEqual({
      code: 'RATE_LIMITED',
      message: 'No more files can be taken today. Please try again in 24 hours.',
    });
    expect([await AttachmentModel.countDocuments(), await blobs()]).toEqual(before);
    expect(await app.leftovers()).toEqual([]);
    expect(await statuses(visitor, 4 * MB, 1)).toEqual([201, 429]);
    expect(await statuses(await app.visitor(), 1)).toEqual([201]);
  });

  it('is the visitor’s own, in files; what is no file of ours does not count', async () => {
    const visitor = await app.visitor();
    const svg = file('<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg', 'image/svg+xml');
    expect((await app.upload(visitor, [['file', svg]], WIDGET)).status).toBe(415);
    expect(await statuses(visitor, 1, 1, 1, 1)).toEqual([201, 201, 201, 429]);
  });

  it('is no more when many files come at once', async () => {
    const visitor = await app.visitor();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(visitor, 4 * MB)));
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(2);
  });

  it('is shared by all visitors of an inbox, and not by others', async () => {
    const first = await app.visitor();
    const second = await app.visitor([], first.inboxId);
    expect(await statuses(first, 9 * MB)).toEqual([201]);
    expect(await statuses(second, 7 * MB, 5 * MB)).toEqual([429, 201]);
    expect(await statuses(await app.visitor(), 9 * MB)).toEqual([201]);
  });

  it('is shared by the visitors of an address, who get another identity for the asking', async () => {
    const found: number[] = [];
    for (let n = 0; n < 5; n += 1) found.push(...(await statuses(await app.visitor(), 9 * MB)));
    expect(found).toEqual([201, 201, 201, 201, 429]);
  });

  it('is larger for the team', async () => {
    const ada = await app.agent('ada');
    expect(await statuses(ada, 9 * MB, 9 * MB, 1, 1, 1, 1, 1)).toEqual([201, 201, 201, 201, 201, 201, 429]);
  });
});
