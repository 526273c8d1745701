import type mongoose from 'mongoose';
import { validationError } from '../../errors.js';
import { AttachmentModel, type Attachment } from '../../models/index.js';
import type { Act } from '../act.js';

/**
 * Gives uploads to the message they were made for, in the order named.
 * @param owners `user:<id>` or `identity:<id>`: nobody sends another's upload.
 * @param ids in any case; one named twice is taken once.
 * @throws AppError 400 when one does not exist, is another's, or hangs on another message already.
 */
export async function takeUploads(
  { session }: Act,
  owners: string[],
  ids: string[],
  to: { message: mongoose.Types.ObjectId; conversation: mongoose.Types.ObjectId },
): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const taken = await AttachmentModel.updateMany(
    { _id: { $in: wanted }, owner: { $in: owners }, message: null },
    { $set: to },
    { session },
  );
  if (taken.modifiedCount !== wanted.length) {
    throw validationError([
      { field: 'attachmentIds', message: 'A file is missing or was sent already. Please attach it again.' },
    ]);
  }
  const rows = await AttachmentModel.find({ _id: { $in: wanted } }, null, { session }).lean();
  return wanted.flatMap((id) => rows.filter((row) => String(row._id) === id));
}
