import { MessageModel, type Inbox, type Message } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { withLane, type Lane } from '../../storage/lanes.js';
import type { Hub } from '../../hub.js';
import type { Attempt } from './attempt.js';
import { callPart } from './call-part.js';
import { lookUpPart } from './look-up-part.js';
import { resolveAttempt } from './resolve-attempt.js';
import { settlePart } from './settle-part.js';
import { startPart } from './start-part.js';

/** A held inbox is looked at again this often, whatever the hold says. Milliseconds. */
const HOLD_LOOK = 30_000;
const UNDONE = ['queued', 'sending'] as const;

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
    drain: (lane, found) => drain(hub, lane, found),
  });
}

const nextOwed = (conversationId: string): Promise<Message | null> =>
  onStore(MessageModel.findOne(owed(conversationId)).sort({ seq: 1 }).lean().exec());

const isDue = (hub: Hub, message: Message): boolean => (message.nextAttemptAt?.getTime() ?? 0) <= hub.now();

/** @param found before the lane was taken: what a former owner has done of it since, no conditional update does again. */
async function drain(hub: Hub, lane: Lane, found: Message): Promise<void> {
  let message: Message | null = found;
  while (message !== null && isDue(hub, message) && lane.held()) {
    if (!(await goOn(hub, message))) return;
    message = await nextOwed(String(found.conversation));
  }
}

/** Takes a message one step further. @returns false: its inbox is held, and all that the conversation owes waits. */
async function goOn(hub: Hub, message: Message): Promise<boolean> {
  const part = message.parts.find(({ state }) => UNDONE.some((undone) => undone === state));
  if (part === undefined) {
    await owesNothing(message);
    return true;
  }
  const attempt = await resolveAttempt(hub, message, part);
  if (attempt === null) return false;
  const heldUntil = holdEnd(attempt.inbox, hub.now());
  if (heldUntil === null) await step(attempt);
  else await postpone(message, new Date(heldUntil));
  return heldUntil === null;
}

/** One step: what is under way is looked up; what is not on the platform is begun, called for, and settled. */
async function step(attempt: Attempt): Promise<void> {
  const found = attempt.part.state === 'sending' ? await lookUpPart(attempt) : 'absent';
  if (found !== 'absent') return settlePart(attempt, found);
  const begun = await startPart(attempt);
  if (begun === null) return;
  if (begun.kind !== 'started') return settlePart(attempt, begun);
  try {
    const outcome = await callPart(begun);
    if (outcome !== null) await settlePart(begun.attempt, outcome);
  } catch (error) {
    // The part is `sending`: it is looked up when that is due.
    const { hub, message } = attempt;
    hub.logger.warn('outbound', 'what became of a call could not be kept', { message: String(message._id), error });
  }
}

async function owesNothing({ _id }: Message): Promise<void> {
  const done = { _id, 'parts.state': { $nin: UNDONE } };
  await onStore(MessageModel.updateOne(done, { $unset: { nextAttemptAt: 1 } }).exec());
}

/** When a hold of the inbox is looked at again; null: there is none. */
function holdEnd(inbox: Inbox, now: number): number | null {
  const hold = inbox.sendHold;
  if (!hold) return null;
  if (!hold.until) return now + HOLD_LOOK;
  return hold.until.getTime() > now ? Math.min(hold.until.getTime(), now + HOLD_LOOK) : null;
}

/** All that a conversation owes, or what follows its next message would stay overdue and fill the sweep's page for ever. */
async function postpone({ conversation }: Message, until: Date): Promise<void> {
  await onStore(MessageModel.updateMany(owed(String(conversation)), { $set: { nextAttemptAt: until } }).exec());
}

function hintWhenDue(hub: Hub, message: Message): void {
  const delay = (message.nextAttemptAt?.getTime() ?? 0) - hub.now();
  hub.hints.outbound(String(message.conversation), Math.max(delay, 1));
}
