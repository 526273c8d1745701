import { unavailable } from '../../errors.js';
import { AttachmentModel, type Attachment } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import { actorKey, type Actor } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { cleanFileName } from '../../utils/file-name.js';
import { prepareFile } from '../../utils/prepare-file.js';
import type { Hub } from '../../hub.js';

interface Props {
  /** Who uploads; nobody else can attach it. */
  actor: Actor;
  /** What the sender calls the file; null when they do not say. */
  name: string | null;
  bytes: Buffer;
  /** Asked once the file is known to be one that we take, before anything of it is stored; throws to refuse so many bytes. */
  admit(bytes: number): Promise<void>;
}

/**
 * Stores a file that a message will take later (SPEC 5.2): its type is what its content shows, pictures lose their metadata. The
 * row is written before the bytes, so that the sweep finds bytes that a killed process left behind.
 * @throws AppError 415 for a type that is not taken or a damaged picture, what `admit` throws, 503 when it cannot be stored;
 * AccessDenied.
 */
export async function storeUpload(hub: Hub, { actor, name, bytes, admit }: Props): Promise<Attachment> {
  authorize(actor, 'upload.create');
  const { kind, mimeType, extensions, bytes: clean } = await prepareFile(bytes, name);
  await admit(clean.length);
  const row = new AttachmentModel({
    owner: actorKey(actor),
    kind,
    name: cleanFileName(name, extensions),
    mimeType,
    size: clean.length,
    state: 'pending',
    createdAt: new Date(hub.now()),
  });
  row.blobKey = `uploads/${String(row._id)}`;
  await onStore(row.save());
  await putBlob(hub, row.blobKey, clean, mimeType);
  await onStore(AttachmentModel.updateOne({ _id: row._id }, { $set: { state: 'stored' } }).exec());
  return { ...row.toObject<Attachment>(), state: 'stored' };
}

async function putBlob(hub: Hub, key: string, bytes: Buffer, mimeType: string): Promise<void> {
  try {
    await hub.blobs.put(key, bytes, { mimeType });
  } catch (error) {
    throw unavailable(error);
  }
}
