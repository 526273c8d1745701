import type { InboundEvent } from '../../../channels/types.js';
import { ContactIdentityModel, ConversationModel, MessageModel, type Inbox } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../hub.js';

/** What the contact's side has received and read, folded to the highest of one drain (PROTOCOLS 3). */
export interface FoldedReceipts {
  deliveredUpTo: number;
  readUpTo: number;
  /** Platform ids that were delivered, each with the watermark that came with it. */
  delivered: Map<string, number>;
}

/** Conversations of one contact that can still have unread answers. */
const RECENT_CONVERSATIONS = 20;

/** Folds receipts of one contact; null when there are none. */
export function foldReceipts(events: InboundEvent[]): FoldedReceipts | null {
  const folded: FoldedReceipts = { deliveredUpTo: 0, readUpTo: 0, delivered: new Map() };
  let any = false;
  for (const event of events) {
    if (event.type === 'delivery') {
      folded.deliveredUpTo = Math.max(folded.deliveredUpTo, event.watermark);
      for (const id of event.externalIds) folded.delivered.set(id, event.watermark);
      any = true;
    } else if (event.type === 'read') {
      folded.readUpTo = Math.max(folded.readUpTo, event.watermark);
      any = true;
    }
  }
  return any ? folded : null;
}

/** Applies receipts of a platform's contact. No transaction: watermarks only rise, and doing it twice changes nothing. */
export async function applyReceipts(
  hub: Hub,
  inbox: Inbox,
  contactId: string,
  receipts: FoldedReceipts,
): Promise<void> {
  const identity = await onStore(
    ContactIdentityModel.findOne({ inbox: inbox._id, externalId: contactId }, '_id').lean().exec(),
  );
  if (identity === null) return;
  await markDelivered(inbox, receipts);
  await raiseWatermarks(hub, identity._id, receipts);
}

/** A part that the platform names as delivered by a watermark was accepted by then, whatever our clock said. */
async function markDelivered(inbox: Inbox, receipts: FoldedReceipts): Promise<void> {
  if (receipts.delivered.size === 0) return;
  const byWatermark = new Map<number, string[]>();
  for (const [id, watermark] of receipts.delivered) {
    byWatermark.set(watermark, [...(byWatermark.get(watermark) ?? []), id]);
  }
  for (const [watermark, ids] of byWatermark) {
    await onStore(
      MessageModel.updateMany(
        { inbox: inbox._id, externalIds: { $in: ids } },
        { $min: { 'parts.$[p].acceptedAt': new Date(watermark) } },
        { arrayFilters: [{ 'p.externalId': { $in: ids } }] },
      ).exec(),
    );
  }
}

/** Raises the watermarks of an identity's conversations that have something of ours to confirm. */
export async function raiseWatermarks(
  hub: Pick<Hub, 'emitAfterCommit'>,
  identity: { toString(): string },
  receipts: Pick<FoldedReceipts, 'deliveredUpTo' | 'readUpTo'>,
): Promise<void> {
  const read = receipts.readUpTo;
  const delivered = Math.max(receipts.deliveredUpTo, read);
  const conversations = await onStore(
    ConversationModel.find({ identity: String(identity) }, 'lastOurOrderAt deliveredUpTo readUpTo', {
      sort: { _id: -1 },
      limit: RECENT_CONVERSATIONS,
    })
      .lean()
      .exec(),
  );
  const time = (date: Date | null | undefined) => date?.getTime() ?? 0;
  const due = conversations.filter(
    (conversation) =>
      (delivered > time(conversation.deliveredUpTo) &&
        time(conversation.lastOurOrderAt) > time(conversation.deliveredUpTo)) ||
      (read > time(conversation.readUpTo) && time(conversation.lastOurOrderAt) > time(conversation.readUpTo)),
  );
  for (const { _id } of due) {
    const changed = await onStore(
      ConversationModel.findOneAndUpdate(
        { _id },
        {
          $max: {
            ...(delivered > 0 ? { deliveredUpTo: new Date(delivered) } : {}),
            ...(read > 0 ? { readUpTo: new Date(read) } : {}),
          },
          $inc: { version: 1 },
        },
        { returnDocument: 'after' },
      )
        .lean()
        .exec(),
    );
    if (changed !== null)
      hub.emitAfterCommit({ type: 'conversation', conversation: changed, created: false, messages: [] });
  }
}
