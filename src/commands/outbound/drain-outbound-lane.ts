import { InboxModel, MessageModel, type Inbox, type Message } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { withLane, type Lane } from '../../storage/lanes.js';
import type { Hub } from '../../hub.js';
import { attemptPart } from './attempt-part.js';
import { settlePart } from './settle-part.js';

/** A held inbox is looked at again this often, whatever the hold says. Milliseconds. */
const HOLD_LOOK = 30_000;

const owed = (conversationId: string) => ({ conversation: conversationId, nextAttemptAt: { $exists: true } });

/** The lane of a conversation's sends. */
export const outboundLane = (conversationId: string): string => `out:${conversationId}`;

/**
 * Sends everything a conversation owes: messages by seq, parts by n, one after the other, as the lane's only owner. A message that
 * has to wait holds back what follows in this conversation only (PROTOCOLS 7).
 */
export async function drainOutboundLane(hub: Hub, conversationId: string): Promise<void> {
  await withLane(hub, outboundLane(conversationId), {
    look: async () => {
      const next = await nextOwed(conversationId);
      if (next === null) return null;
      if (isDue(hub, next)) return next;
      hintWhenDue(hub, next);
      return null;
    },
    drain: (lane) => drain(hub, lane, conversationId),
  });
}

const nextOwed = (conversationId: string): Promise<Message | null> =>
  onStore(MessageModel.findOne(owed(conversationId)).sort({ seq: 1 }).lean().exec());

const isDue = (hub: Hub, message: Message): boolean => (message.nextAttemptAt?.getTime() ?? 0) <= hub.now();

async function drain(hub: Hub, lane: Lane, conversationId: string): Promise<void> {
  while (lane.held()) {
    const message = await nextOwed(conversationId);
    if (message === null) return;
    if (!isDue(hub, message)) return;
    const inbox = await onStore(InboxModel.findById(message.inbox).lean().exec());
    if (inbox === null) return;
    const heldUntil = holdEnd(inbox, hub.now());
    if (heldUntil !== null) {
      await postpone(conversationId, new Date(heldUntil));
      return;
    }
    const part = message.parts.find((candidate) => candidate.state === 'sending' || candidate.state === 'queued');
    if (part === undefined) await MessageModel.updateOne({ _id: message._id }, { $unset: { nextAttemptAt: 1 } });
    else if (part.state === 'sending') await settlePart(hub, inbox, message, part);
    else await attemptPart(hub, inbox, message, part);
  }
}

/** When a hold of the inbox is looked at again; null: there is none. */
function holdEnd(inbox: Inbox, now: number): number | null {
  const hold = inbox.sendHold;
  if (!hold) return null;
  if (!hold.until) return now + HOLD_LOOK;
  return hold.until.getTime() > now ? Math.min(hold.until.getTime(), now + HOLD_LOOK) : null;
}

/** All that a conversation owes, or what follows its next message would stay overdue and fill the sweep's page for ever. */
async function postpone(conversationId: string, until: Date): Promise<void> {
  await onStore(MessageModel.updateMany(owed(conversationId), { $set: { nextAttemptAt: until } }).exec());
}

function hintWhenDue(hub: Hub, message: Message): void {
  const delay = (message.nextAttemptAt?.getTime() ?? 0) - hub.now();
  hub.hints.outbound(String(message.conversation), Math.max(delay, 1));
}
