import { conflict, notFound } from '../../errors.js';
import { WebhookEventModel } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';

/**
 * Tries a parked (or unroutable) event again.
 * @throws AppError 404 when there is no such event, 409 when it is neither parked nor unroutable.
 */
export async function replayEvent(hub: Hub, eventId: string): Promise<void> {
  const replayed = await onStore(
    WebhookEventModel.findOneAndUpdate(
      { _id: eventId, state: { $in: ['parked', 'unroutable'] } },
      { $set: { state: 'pending', tries: 0, error: null, dueAt: new Date(hub.now()) } },
    )
      .lean()
      .exec(),
  );
  if (replayed !== null) return hub.hints.inbound(replayed.lane);
  const exists = await onStore(WebhookEventModel.findById(eventId, '_id').lean().exec());
  if (exists === null) throw notFound('This event');
  throw conflict('Only parked events can be replayed.');
}
