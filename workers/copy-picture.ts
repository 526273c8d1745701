import type { Hub } from '../src/hub.js';
import { AttachmentModel, type Attachment } from '../src/models/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { prepareFile } from '../src/utils/prepare-file.js';
import { fetchPlatformFile } from './fetch-platform-file.js';

/** Platforms offer pictures of people in a few hundred pixels. Bytes, milliseconds. */
const LIMITS = { maxBytes: 5 * 1024 * 1024, deadlineMs: 10_000 };

/** Owner of a picture that no contact has: it is deleted with the forgotten uploads. */
export const UNCLAIMED = 'picture';

/**
 * Copies a contact's picture from their platform into our own store, because its address there expires. Its row says UNCLAIMED
 * until a transaction gives it to the contact, so that the copies of failed attempts are found and deleted.
 * @returns null for what is no picture that we show, or cannot be copied; that is logged.
 */
export async function copyPicture(hub: Hub, channel: string, address: string): Promise<Attachment['_id'] | null> {
  try {
    const { kind, mimeType, extensions, bytes } = await prepareFile(
      await fetchPlatformFile(hub, channel, address, LIMITS),
      null,
    );
    if (kind !== 'image') throw new Error(`this is no picture but ${mimeType}`);
    const row = new AttachmentModel({
      owner: UNCLAIMED,
      kind,
      name: `picture.${extensions[0]}`,
      mimeType,
      size: bytes.length,
      state: 'stored',
      createdAt: new Date(hub.now()),
    });
    row.blobKey = `pictures/${String(row._id)}`;
    await onStore(row.save());
    await hub.blobs.put(row.blobKey, bytes, { mimeType, size: bytes.length });
    return row._id;
  } catch (error) {
    hub.logger.info('profile', 'a picture could not be copied', { channel, error });
    return null;
  }
}
