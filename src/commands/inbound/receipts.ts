import type { ClientSession } from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import {
  ContactIdentityModel,
  ConversationModel,
  MessageModel,
  type Conversation,
  type Inbox,
} from '../../models/index.js';
import { changeOf } from '../../events/change.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';

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

/**
 * Applies receipts of a platform's contact. No transaction: watermarks only rise, and doing it twice changes nothing.
 * @returns false while the contact has no thread: what they received or read is still to come.
 */
export async function applyReceipts(
  hub: Hub,
  inbox: Inbox,
  contactId: string,
  receipts: FoldedReceipts,
): Promise<boolean> {
  const identity = await onStore(
    ContactIdentityModel.findOne({ inbox: inbox._id, externalId: contactId }, '_id').lean().exec(),
  );
  if (identity === null) return false;
  await markDelivered(inbox, receipts);
  return raiseWatermarks(hub, identity._id, receipts);
}

/** Applies receipts that came before the thread, in the transaction that begins it. @returns the conversation afterwards. */
export const applyEarlyReceipts = (
  session: ClientSession,
  conversation: Pick<Conversation, '_id'>,
  receipts: FoldedReceipts,
): Promise<Conversation | null> =>
  ConversationModel.findOneAndUpdate({ _id: conversation._id }, raised(receipts), { session, returnDocument: 'after' })
    .lean()
    .exec();

/** Raises the watermarks; who has read something has received it. */
function raised(receipts: Pick<FoldedReceipts, 'deliveredUpTo' | 'readUpTo'>) {
  const delivered = Math.max(receipts.deliveredUpTo, receipts.readUpTo);
  return {
    $max: {
      ...(delivered > 0 ? { deliveredUpTo: new Date(delivered) } : {}),
      ...(receipts.readUpTo > 0 ? { readUpTo: new Date(receipts.readUpTo) } : {}),
    },
    $inc: { version: 1 },
  };
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

/**
 * Raises the watermarks of an identity's conversations that have something of ours to confirm, and of those where what was received
 * or read may still come in: the current one and the newest.
 * @returns false when there is no conversation.
 */
export async function raiseWatermarks(
  hub: Pick<Hub, 'emitAfterCommit'>,
  identity: { toString(): string },
  receipts: Pick<FoldedReceipts, 'deliveredUpTo' | 'readUpTo'>,
): Promise<boolean> {
  const read = receipts.readUpTo;
  const delivered = Math.max(receipts.deliveredUpTo, read);
  const conversations = await onStore(
    ConversationModel.find({ identity: String(identity) }, 'current lastOurOrderAt deliveredUpTo readUpTo', {
      sort: { _id: -1 },
      limit: RECENT_CONVERSATIONS,
    })
      .lean()
      .exec(),
  );
  const time = (date: Date | null | undefined) => date?.getTime() ?? 0;
  const due = conversations.filter((conversation, age) => {
    const growing = conversation.current || age === 0;
    const raises = (watermark: number, known: Date | null | undefined) =>
      watermark > time(known) && (growing || time(conversation.lastOurOrderAt) > time(known));
    return raises(delivered, conversation.deliveredUpTo) || raises(read, conversation.readUpTo);
  });
  for (const { _id } of due) {
    const changed = await onStore(
      ConversationModel.findOneAndUpdate({ _id }, raised(receipts), { returnDocument: 'after' }).lean().exec(),
    );
    if (changed !== null) hub.emitAfterCommit(changeOf(changed));
  }
  return conversations.length > 0;
}
