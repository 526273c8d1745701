import { randomUUID } from 'node:crypto';
import { changeMessage } from '../../src/commands/messages/change-message.js';
import { inboxById } from '../../src/models/cached-inboxes.js';
import type { Hub } from '../../src/hub.js';
import { AttachmentModel, MessageModel, type Attachment } from '../../src/models/index.js';
import { onStore } from '../../src/storage/in-transaction.js';
import { shownFileName } from '../../src/utils/file-name.js';
import { OPAQUE_TYPE, prepareForeignFile } from '../../src/utils/prepare-file.js';
import { defineConsumer } from '../define-consumer.js';
import { fetchPlatformFile } from '../fetch-platform-file.js';

/** Largest file we copy from a platform, and how long that may take. Bytes, milliseconds. */
const LIMITS = { maxBytes: 25 * 1024 * 1024, deadlineMs: 60_000 };
const FINAL_TRY = 5;
/** What is shown rather than offered for download. */
const SHOWN = new Set(['image', 'video', 'audio', 'sticker']);

interface Copied {
  attachment: Attachment;
  blobKey: string | null;
  mimeType: string | null;
  size: number | null;
}

/** Copies what a platform delivered into our own store, before its addresses expire (SPEC 2.3). */
export default defineConsumer({
  name: 'attachment',
  events: ['attachment.received'],
  // A host that drips must not hold up what others offer.
  laneOf: ({ data }) => data.host,
  perform: async (hub, { data, tries }) => {
    const pending = await onStore(AttachmentModel.findOne({ _id: data.attachment, state: 'pending' }).lean().exec());
    const message = await onStore(MessageModel.findById(data.message, 'inbox channel').lean().exec());
    if (message === null || pending === null) return null;
    const copied = await copy(hub, message.channel, String(message.inbox), pending, tries);
    if (copied === null) return null;
    return async (act) => {
      const { session } = act;
      const target = await MessageModel.findById(data.message, null, { session }).lean();
      if (target === null) return;
      const still = { _id: pending._id, state: 'pending' } as const;
      await AttachmentModel.updateOne(still, { $set: fieldsOf(copied) }, { session });
      await changeMessage(act, target, 'attachments', {});
    };
  },
});

/** @returns null when nobody wants the copy any more. */
async function copy(
  hub: Hub,
  channel: string,
  inboxId: string,
  attachment: Attachment,
  tries: number,
): Promise<Copied | null> {
  try {
    if ((await inboxById(inboxId)) === null) throw new Error('the inbox has gone');
    const fetched = await fetchPlatformFile(hub, channel, attachment.sourceUrl ?? '', LIMITS);
    const { bytes, mimeType } = await prepareForeignFile(fetched, nameOf(attachment));
    const blobKey = `attachments/${String(attachment._id)}/${randomUUID()}`;
    if (!(await noteBytes(hub, attachment, blobKey))) return null;
    await hub.blobs.put(blobKey, bytes, { mimeType, size: bytes.length });
    return { attachment, blobKey, mimeType, size: bytes.length };
  } catch (error) {
    if (tries < FINAL_TRY) throw error;
    hub.logger.warn('attachments', 'a file could not be copied and is given up', {
      attachment: String(attachment._id),
      error,
    });
    return { attachment, blobKey: null, mimeType: null, size: null };
  }
}

/**
 * Writes down where the bytes will lie before they do, so that there are none that no row knows of; those of a try that failed go.
 * @returns false when the file is no longer wanted, or was copied by somebody else.
 */
async function noteBytes(hub: Hub, { _id }: Attachment, blobKey: string): Promise<boolean> {
  const before = await onStore(
    AttachmentModel.findOneAndUpdate({ _id, state: 'pending' }, { $set: { blobKey } }, { returnDocument: 'before' })
      .lean()
      .exec(),
  );
  if (typeof before?.blobKey === 'string') await hub.blobs.delete(before.blobKey);
  return before !== null;
}

function fieldsOf({ attachment, blobKey, mimeType, size }: Copied): Partial<Attachment> {
  if (blobKey === null) return { state: 'failed', mimeType, size };
  const kind = mimeType === OPAQUE_TYPE && SHOWN.has(attachment.kind) ? 'file' : attachment.kind;
  return { state: 'stored', blobKey, mimeType, size, kind, name: nameOf(attachment) };
}

/** The name in the address if it looks like a file's, else what the platform called it. */
function nameOf(attachment: Attachment): string {
  if (attachment.name !== attachment.kind) return attachment.name;
  const last = URL.canParse(attachment.sourceUrl ?? '')
    ? new URL(attachment.sourceUrl ?? '').pathname.split('/').at(-1)
    : '';
  const decoded = shownFileName(safeDecode(last ?? ''));
  return /^[^/\\]{1,100}\.[a-z0-9]{1,5}$/i.test(decoded) ? decoded : attachment.name;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
