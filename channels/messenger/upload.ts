import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ChannelError } from '../errors.js';
import type { OutboundAttachment } from '../types.js';
import { id } from './fields.js';
import { attachmentType } from './format.js';
import { callGraph, type GraphCall } from './graph.js';
import type { MessengerContext } from './types.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Attachment ids live for 90 days; the last one is left unused. */
const KEPT_MS = 89 * DAY_MS;
const TIMEOUT_MS = 120_000;
const MIME_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/** Uploads a file for reuse (Attachment Upload API): `POST /{page}/message_attachments`. Throws ChannelError. */
export async function upload(
  attachment: OutboundAttachment,
  context: MessengerContext,
): Promise<{ remoteId: string; expiresAt: number }> {
  const path = `${context.accountId}/message_attachments`;
  const form = multipart(attachment);
  const call: GraphCall = { method: 'POST', path, body: form, effect: 'nothing', timeoutMs: TIMEOUT_MS };
  const answer = await callGraph(call, context).finally(() => form.content.destroy());
  const remoteId = id(answer.body.attachment_id);
  if (remoteId === null)
    throw new ChannelError('retry', 'Facebook did not confirm the upload of the file.', {
      code: 'messenger_uploadNotConfirmed',
    });
  return { remoteId, expiresAt: context.now() + KEPT_MS };
}

/** A form with `message` and `filedata` (RFC 7578), streamed, so that a file is never held in memory. */
function multipart(attachment: OutboundAttachment) {
  const boundary = `switchboard-${randomUUID()}`;
  const message = { attachment: { type: attachmentType(attachment.kind), payload: { is_reusable: true } } };
  const mimeType = MIME_TYPE.test(attachment.mimeType) ? attachment.mimeType : 'application/octet-stream';
  const head = Buffer.from(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="message"',
      '',
      JSON.stringify(message),
      `--${boundary}`,
      `Content-Disposition: form-data; name="filedata"; filename="${quotable(attachment.name)}"`,
      `Content-Type: ${mimeType}`,
      '',
      '',
    ].join('\r\n'),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: head.length + attachment.size + tail.length,
    content: Readable.from(joined(head, attachment, tail)),
  };
}

async function* joined(head: Buffer, attachment: OutboundAttachment, tail: Buffer) {
  yield head;
  yield* await attachment.open();
  yield tail;
}

/** As browsers write file names: what would end the quotes or the line is percent-encoded. */
function quotable(name: string): string {
  return name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}
