import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { AttachmentModel } from '../../../src/models/index.js';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import { FILE_LINK_LIFETIME, signFilePath } from '../../../src/utils/signed-url.js';
import { png } from '../../unit/utils/pictures.js';
import { buildAttachment } from '../../support/build.js';
import { file, UploadApp, type Uploader } from './uploads-support.js';

let app: UploadApp;
let ada: Uploader;
let note: AttachmentDto;

beforeAll(async () => {
  app = await UploadApp.start();
  ada = await app.agent('ada');
  note = await app.stored(ada, file('0123456789', 'note.txt'));
});
afterAll(() => app.stop());
afterEach(() => {
  app.test.clock.offset = 0;
});

const sign = (id: string): string => signFilePath(id, { secret: app.hub.env.JWT_SECRET, now: app.hub.now() });
const urlOf = ({ url }: AttachmentDto): string => url ?? '';

/** A row as the copying of platform attachments leaves it. */
async function platformFile(mimeType: string, name: string, bytes: string): Promise<string> {
  const _id = new mongoose.Types.ObjectId();
  const blobKey = `attachments/${String(_id)}/1`;
  await app.blobs.put(blobKey, Buffer.from(bytes), { mimeType });
  await buildAttachment({ _id, name, mimeType, size: bytes.length, blobKey });
  return sign(String(_id));
}

describe('a signed address', () => {
  it('opens the file without a log-in, on every site, and nothing in it can act', async () => {
    const answer = await app.get(urlOf(note), { Origin: 'https://shop.example' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('0123456789');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '10',
      'content-disposition': 'inline; filename="note.txt"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'accept-ranges': 'bytes',
    });
    expect(answer.headers.get('Set-Cookie')).toBeNull();
  });

  it('may be kept by the browser alone, as long as it works', async () => {
    const answer = await app.get(urlOf(note));
    const [, seconds] = /^private, max-age=(\d+)$/.exec(answer.headers.get('Cache-Control') ?? '') ?? [];
    const left = (Number(new URL(urlOf(note), app.url).searchParams.get('expires')) - Date.now()) / 1000;
    expect(Math.abs(Number(seconds) - left)).toBeLessThan(5);
    const etag = answer.headers.get('ETag') ?? '';
    const ask = (tag: string) => app.get(urlOf(note), { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' });
    const again = await ask(etag);
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await ask('"other"')).status).toBe(200);
  });

  it('opens nothing once it has expired', async () => {
    app.test.clock.offset = 2 * FILE_LINK_LIFETIME;
    const answer = await app.get(urlOf(note));
    expect(answer.status).toBe(404);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
  });

  it('opens nothing when it was changed', async () => {
    const other = await app.stored(ada, file('secret', 'other.txt'));
    const changed = [
      urlOf(note).replace(note.id, other.id),
      urlOf(note).replace(/expires=\d/, 'expires=9'),
      urlOf(note).replace(/signature=./, (found) => (found.endsWith('A') ? 'signature=B' : 'signature=A')),
      `/files/${note.id}`,
    ];
    for (const address of changed) expect((await app.get(address)).status).toBe(404);
  });

  it('opens nothing that is not stored', async () => {
    expect((await app.get(sign(String(new mongoose.Types.ObjectId())))).status).toBe(404);
    const lost = await app.stored(ada, file('a', 'lost.txt'));
    const row = await AttachmentModel.findById(lost.id).lean();
    await app.blobs.delete(row?.blobKey ?? '');
    const answer = await app.get(urlOf(lost));
    expect(answer.status).toBe(404);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/);
    await AttachmentModel.updateOne({ _id: note.id }, { $set: { state: 'failed' } });
    expect((await app.get(urlOf(note))).status).toBe(404);
    await AttachmentModel.updateOne({ _id: note.id }, { $set: { state: 'stored' } });
  });

  it('answers HEAD with the same headers and no bytes, and takes no writes', async () => {
    const head = await app.get(urlOf(note), {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.headers.get('Content-Length')).toBe('10');
    expect(await head.text()).toBe('');
    expect((await app.get(urlOf(note), {}, 'DELETE')).status).toBe(404);
  });
});

describe('how files come', () => {
  it('shows pictures', async () => {
    const picture = await app.stored(ada, file(png(), 'Grüße "1".png'));
    const { headers } = await app.get(urlOf(picture));
    expect(headers.get('Content-Type')).toBe('image/png');
    expect(headers.get('Content-Disposition')).toMatch(
      /^inline; filename="Gr__e _1_.png"; filename\*=UTF-8''Gr%C3%BC%C3%9Fe%20_1_\.png$/,
    );
  });

  it.each([
    ['text/html', 'page.html'],
    ['image/svg+xml', 'a.svg'],
    ['application/xml', 'a.xml'],
    ['application/octet-stream', 'a.bin'],
    ['text/csv', 'a.csv'],
  ])('saves %s', async (mimeType, name) => {
    const address = await platformFile(mimeType, name, '<script>alert(1)</script>');
    const answer = await app.get(address);
    expect(answer.headers.get('Content-Type')).toBe('application/octet-stream');
    expect(answer.headers.get('Content-Disposition')).toBe(`attachment; filename="${name}"`);
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it('names the type without what a platform added to it', async () => {
    const address = await platformFile('audio/ogg; codecs=opus', 'voice.ogg', 'OggS');
    expect((await app.get(address)).headers.get('Content-Type')).toBe('audio/ogg');
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ])('%s', async (range, expected, contentRange) => {
    const answer = await app.get(urlOf(note), { Range: range });
    expect(answer.status).toBe(206);
    expect(await answer.text()).toBe(expected);
    expect(answer.headers.get('Content-Range')).toBe(contentRange);
    expect(answer.headers.get('Content-Length')).toBe(String(expected.length));
  });

  it('behind the end are refused, and several at once are answered whole', async () => {
    const behind = await app.get(urlOf(note), { Range: 'bytes=10-' });
    expect(behind.status).toBe(416);
    expect(behind.headers.get('Content-Range')).toBe('bytes */10');
    const several = await app.get(urlOf(note), { Range: 'bytes=0-1,4-5' });
    expect(several.status).toBe(200);
    expect(await several.text()).toBe('0123456789');
  });

  it('count only for the file they were meant for', async () => {
    const etag = (await app.get(urlOf(note))).headers.get('ETag') ?? '';
    expect((await app.get(urlOf(note), { Range: 'bytes=0-3', 'If-Range': etag })).status).toBe(206);
    expect((await app.get(urlOf(note), { Range: 'bytes=0-3', 'If-Range': '"other"' })).status).toBe(200);
  });
});
