import type mongoose from 'mongoose';
import type { ClientSession } from 'mongoose';
import { validationError } from '../errors.js';
import { AttachmentModel, type Attachment } from '../models/index.js';

/**
 * Gives uploads to the message they were made for, in the order named.
 * @param owner `user:<id>` or `identity:<id>`: nobody sends another's upload.
 * @throws AppError 400 when one does not exist, is another's, or hangs on another message already.
 */
export async function takeUploads(
  session: ClientSession,
  owner: string,
  ids: string[],
  to: { message: mongoose.Types.ObjectId; conversation: mongoose.Types.ObjectId },
): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const taken = await AttachmentModel.updateMany(
    { _id: { $in: ids }, owner, message: null },
    { $set: to },
    { session },
  );
  if (taken.modifiedCount !== new Set(ids).size) {
    throw validationError([
      { field: 'attachmentIds', message: 'A file is missing or was sent already. Please attach it again.' },
    ]);
  }
  const rows = await AttachmentModel.find({ _id: { $in: ids } }, null, { session }).lean();
  return ids.flatMap((id) => rows.filter((row) => String(row._id) === id));
}
