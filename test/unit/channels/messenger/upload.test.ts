import { describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { Readable } from 'node:stream';
import { upload } from '../../../../channels/messenger/upload.js';
import type { OutboundAttachment } from '../../../../channels/types.js';
import { contextFor, ENV, fileOf, graph, NOW, PAGE, TOKEN } from './support.js';
import { usePlatform } from './use-platform.js';

const PATH = `/v25.0/${PAGE}/message_attachments`;
const DAY_MS = 24 * 60 * 60 * 1000;

usePlatform();

/** Uploads to a platform that accepts, and gives the form that it got. */
async function formOf(attachment: OutboundAttachment): Promise<FormData> {
  const forms: FormData[] = [];
  const scope = nock(ENV.GRAPH_BASE_URL)
    .post(PATH)
    .query(true)
    .matchHeader('authorization', `Bearer ${TOKEN}`)
    .reply(200, async (request) => {
      const bytes = await request.arrayBuffer();
      expect(request.headers.get('content-length')).toBe(String(bytes.byteLength));
      const type = request.headers.get('content-type') ?? '';
      forms.push(await new Response(bytes, { headers: { 'content-type': type } }).formData());
      return graph('attachment-upload.response');
    });
  const uploaded = await upload(attachment, contextFor());
  scope.done();
  expect(uploaded).toEqual({ remoteId: '1529038847710265', expiresAt: NOW + 89 * DAY_MS });
  const [form] = forms;
  if (form === undefined) throw new Error('there was no form');
  return form;
}

describe('upload', () => {
  it('sends the bytes, their name and type, and asks to use them again', async () => {
    const form = await formOf(fileOf('a photo\r\n--of bytes'));
    expect(JSON.parse(String(form.get('message')))).toEqual({
      attachment: { type: 'image', payload: { is_reusable: true } },
    });
    const file = form.get('filedata') as File;
    expect([file.name, file.type, await file.text()]).toEqual(['photo.jpg', 'image/jpeg', 'a photo\r\n--of bytes']);
  });

  it('lets no name or type break out of its header', async () => {
    const form = await formOf(
      fileOf('x', { kind: 'file', name: 'Größe "L"\r\nX-Evil: 1.pdf', mimeType: 'text/plain\r\nX-Evil: 1' }),
    );
    expect([...form.keys()]).toEqual(['message', 'filedata']);
    const file = form.get('filedata') as File;
    expect(file.name).toContain('Größe');
    expect(file.type).toBe('application/octet-stream');
  });

  it('streams a file of many pieces', async () => {
    const pieces = Array.from({ length: 200 }, (_, n) => Buffer.alloc(10_000, n));
    const form = await formOf(fileOf('', { size: 2_000_000, open: () => Promise.resolve(Readable.from(pieces)) }));
    const file = form.get('filedata') as File;
    expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('may be tried again when the file cannot be read or the answer names nothing', async () => {
    nock(ENV.GRAPH_BASE_URL).post(PATH).query(true).twice().reply(200, {});
    const unreadable = fileOf('x', { open: () => Promise.reject(new Error('no such blob')) });
    await expect(upload(unreadable, contextFor())).rejects.toMatchObject({ fault: 'retry' });
    await expect(upload(fileOf('x'), contextFor())).rejects.toMatchObject({ fault: 'retry' });
  });

  it('is refused for good when the platform does not take the file', async () => {
    nock(ENV.GRAPH_BASE_URL)
      .post(PATH)
      .query(true)
      .reply(400, graph('error-100-2018047-upload-failed.error') as nock.Body);
    await expect(upload(fileOf('x'), contextFor())).rejects.toMatchObject({ fault: 'rejected', dropUpload: false });
  });

  it('opens no file that it has no time to send', async () => {
    let opened = 0;
    const attachment = fileOf('x', { open: () => Promise.resolve(Readable.from([String((opened += 1))])) });
    const context = contextFor(ENV.GRAPH_BASE_URL, { signal: AbortSignal.abort() });
    await expect(upload(attachment, context)).rejects.toMatchObject({ fault: 'retry' });
    expect(opened).toBe(0);
  });
});
