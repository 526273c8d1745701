import { AttachmentModel } from '../../models/index.js';
import type { Hub } from '../../hub.js';

/** How long an upload waits for the message that takes it. Milliseconds. */
export const UPLOAD_LIFETIME = 24 * 60 * 60 * 1000;
/** Most uploads removed in one run; as many again are removed in the next. */
export const SWEPT_AT_ONCE = 200;

/**
 * An owner that nobody is: a message that comes late cannot take the upload any more. Sorts behind all others, so that what cannot be
 * deleted holds up nothing.
 */
export const NOBODY = '~swept';

/** What the sweep deletes, and in which order: along an index of the model. */
export const forgotten = (now: number) => ({
  message: null,
  owner: { $gt: '' },
  createdAt: { $lte: new Date(now - UPLOAD_LIFETIME) },
});
export const LONGEST_FORGOTTEN = { owner: 1, createdAt: 1 } as const;

/**
 * Deletes files that no message took within a day, or that a message no longer has, bytes and row. Each is first taken away from its owner, so that a message
 * never gets a file whose bytes are going; the row goes last, so that a killed or failed sweep finds it again.
 * @param signal ends the run early.
 * @returns how many were deleted; SWEPT_AT_ONCE means that there may be more.
 */
export async function sweepUploads(hub: Hub, signal?: AbortSignal): Promise<number> {
  const found = await AttachmentModel.find(forgotten(hub.now()), 'blobKey')
    .sort(LONGEST_FORGOTTEN)
    .limit(SWEPT_AT_ONCE)
    .lean();
  let deleted = 0;
  for (const { _id, blobKey } of found) {
    if (signal?.aborted === true) break;
    const claimed = await AttachmentModel.updateOne(
      { _id, message: null },
      { $set: { owner: NOBODY, state: 'failed' } },
    );
    if (claimed.matchedCount === 0) continue;
    try {
      if (typeof blobKey === 'string') await hub.blobs.delete(blobKey);
    } catch (error) {
      hub.logger.warn('uploads', 'a forgotten upload could not be deleted; trying again', { id: String(_id), error });
      continue;
    }
    await AttachmentModel.deleteOne({ _id });
    deleted += 1;
  }
  return deleted;
}
