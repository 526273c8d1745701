import mongoose from 'mongoose';
import { ChannelError } from '../../../channels/errors.js';
import {
  CounterModel,
  InboxModel,
  MessageModel,
  WebhookEventModel,
  type Inbox,
  type Message,
  type MessagePart,
} from '../../models/index.js';
import { forgetInboxes } from '../../models/cached-inboxes.js';
import { inTransaction, onStore } from '../../storage/in-transaction.js';
import { Aftermath } from '../aftermath.js';
import { changeMessage } from '../add-message.js';
import type { Hub } from '../hub.js';
import { laneOf } from '../inbound/store-webhook-items.js';
import { noteEventOut } from '../note-event-out.js';
import { recordAccepted, type Acceptance } from './record-accepted.js';

/** Waits between tries of a call that may be repeated. Milliseconds, ± 30 %. */
const BACK_OFF = [2_000, 8_000, 30_000, 120_000];
const THROTTLE_FIRST = 60_000;
const THROTTLE_MOST = 15 * 60_000;
const POLICY_HOLD = 6 * 3_600_000;
/** A send that waits for somebody to lift the hold is looked at again this late. */
const HELD_LOOK = 30_000;

const jittered = (ms: number): number => Math.round(ms * (0.7 + Math.random() * 0.6));

/** The platform took the part, as its answer or a look-up says, and `contactId` there gets it. */
export async function partAccepted(
  hub: Hub,
  inbox: Inbox,
  message: Message,
  accepted: Pick<Acceptance, 'n' | 'externalId' | 'acceptedAt'> & { contactId: string },
): Promise<void> {
  const { contactId, ...acceptance } = accepted;
  const aftermath = await inTransaction(async (session, run) => {
    const told = new Aftermath();
    const now = await MessageModel.findById(message._id, null, { session }).lean();
    if (now !== null) await recordAccepted(session, told, now, { ...acceptance, exact: false, mayBeImported: run > 1 });
    return told;
  });
  aftermath.tell(hub);
  noteEventOut(hub, String(message.inbox));
  await wakeWaiting(hub, inbox, contactId, acceptance.externalId);
}

/**
 * What waited for this id is due now (PROTOCOLS 6). After the commit, so that whoever does not see the id has stored by now that it
 * waits for it; best effort, because the sweep comes back to it anyway.
 */
async function wakeWaiting(hub: Hub, inbox: Inbox, contactId: string, externalId: string): Promise<void> {
  const { channel, accountId } = inbox;
  try {
    const woken = await onStore(
      WebhookEventModel.updateMany(
        { channel, accountId, waitsFor: externalId, state: 'waiting' },
        { $set: { dueAt: new Date() } },
      ).exec(),
    );
    if (woken.modifiedCount > 0) hub.hints.inbound(laneOf(channel, { accountId, contactId }));
  } catch (error) {
    hub.logger.debug('outbound', 'what waited for a message could not be woken', { externalId, error });
  }
}

/** The part will never be sent: it fails, and with it the parts after it. Visible, so it takes a rev. */
export async function partFailed(
  hub: Hub,
  message: Message,
  part: Pick<MessagePart, 'n' | 'attemptId'>,
  error: NonNullable<MessagePart['error']>,
): Promise<void> {
  const aftermath = await inTransaction(async (session) => {
    const told = new Aftermath();
    const now = await MessageModel.findById(message._id, null, { session }).lean();
    const still = now?.parts.find((candidate) => candidate.n === part.n);
    if (!now || !still || still.state === 'sent' || still.attemptId !== part.attemptId) return told;
    const later = { fault: 'earlier_part', message: 'An earlier part of this message could not be sent.' };
    const changed = await changeMessage(
      session,
      now,
      {
        $set: {
          'parts.$[p].state': 'failed',
          'parts.$[p].error': error,
          'parts.$[later].state': 'failed',
          'parts.$[later].error': later,
        },
        $unset: { nextAttemptAt: 1 },
      },
      { arrayFilters: [{ 'p.n': part.n }, { 'later.n': { $gt: part.n } }] },
    );
    told.note(changed.conversation, { message: changed.message });
    return told;
  });
  aftermath.tell(hub);
}

/** Nobody can tell whether the part was sent: shown as unconfirmed and counted; a person may send it again. */
export async function partUnconfirmed(
  hub: Hub,
  message: Message,
  part: Pick<MessagePart, 'n' | 'attemptId'>,
): Promise<void> {
  const aftermath = await inTransaction(async (session) => {
    const told = new Aftermath();
    const now = await MessageModel.findById(message._id, null, { session }).lean();
    const still = now?.parts.find((candidate) => candidate.n === part.n);
    if (!now || still?.state !== 'sending' || still.attemptId !== part.attemptId) return told;
    await CounterModel.updateOne({ _id: 'unconfirmed' }, { $inc: { value: 1 } }, { session, upsert: true });
    const owed = now.parts.some((candidate) => candidate.state === 'queued');
    const changed = await changeMessage(
      session,
      now,
      {
        $set: {
          'parts.$[p].state': 'unconfirmed',
          'parts.$[p].error': { fault: 'unknown_outcome', message: 'The platform did not say whether this was sent.' },
          ...(owed ? { nextAttemptAt: new Date(hub.now()) } : {}),
        },
        ...(owed ? {} : { $unset: { nextAttemptAt: 1 } }),
      },
      { arrayFilters: [{ 'p.n': part.n }] },
    );
    told.note(changed.conversation, { message: changed.message });
    return told;
  });
  aftermath.tell(hub);
}

/** Puts a part that was surely not sent back into the queue until a later moment; that call was no attempt. Not visible: no rev. */
async function requeue(message: Message, part: MessagePart, at: Date): Promise<void> {
  const attemptId = part.attemptId ?? null;
  await onStore(
    MessageModel.updateOne(
      { _id: message._id, parts: { $elemMatch: { n: part.n, attemptId, state: { $in: ['queued', 'sending'] } } } },
      {
        $set: {
          'parts.$[p].state': 'queued',
          'parts.$[p].tries': part.tries,
          'parts.$[p].throttles': part.throttles ?? 0,
          'parts.$[p].attempts': part.attempts,
          nextAttemptAt: at,
        },
      },
      { arrayFilters: [{ 'p.n': part.n }] },
    ).exec(),
  );
}

/** Holds the inbox's sends. A hold never shortens another: one without an end stays until it is lifted. */
async function hold(inbox: Inbox, reason: string, until: Date | null, state?: 'needs_reauthorisation'): Promise<void> {
  const weaker = until === null ? {} : { $or: [{ sendHold: null }, { 'sendHold.until': { $lt: until } }] };
  const set = { sendHold: { reason, until }, ...(state === undefined ? {} : { state }) };
  await onStore(InboxModel.updateOne({ _id: inbox._id, ...weaker }, { $set: set }).exec());
  forgetInboxes();
}

/** What follows from a provider's fault while calling for one part; every fault has its one row (STYLE 19). */
export async function callFailed(
  hub: Hub,
  inbox: Inbox,
  message: Message,
  part: MessagePart,
  error: ChannelError,
): Promise<void> {
  const now = hub.now();
  const later = (ms: number) => new Date(now + ms);
  const fail = () => partFailed(hub, message, part, { fault: error.fault, code: error.code, message: error.message });
  hub.logger.warn('outbound', 'a platform call failed', {
    message: String(message._id),
    part: part.n,
    fault: error.fault,
    detail: error.detail,
  });
  switch (error.fault) {
    case 'retry': {
      const tries = part.tries + 1;
      if (tries >= (error.maxTries ?? BACK_OFF.length + 1)) {
        if (error.lastFault === null) return fail();
        const { message: sentence, code, detail } = error;
        const last = new ChannelError(error.lastFault, sentence, { code, detail });
        return callFailed(hub, inbox, message, { ...part, tries: 0 }, last);
      }
      const wait = jittered(error.retryAfterMs ?? BACK_OFF[Math.min(tries, BACK_OFF.length) - 1] ?? THROTTLE_FIRST);
      await requeue(message, { ...part, tries }, later(wait));
      return;
    }
    case 'throttled': {
      const throttles = part.throttles ?? 0;
      const wait = error.retryAfterMs ?? Math.min(jittered(THROTTLE_FIRST * 2 ** throttles), THROTTLE_MOST);
      await hold(inbox, 'rate_limited', later(wait));
      await requeue(message, { ...part, throttles: throttles + 1 }, later(wait));
      return;
    }
    case 'unauthorised':
      await hold(inbox, 'needs_reauthorisation', null, 'needs_reauthorisation');
      await requeue(message, part, later(HELD_LOOK));
      return;
    case 'misconfigured':
      await hold(inbox, 'misconfigured', null);
      await requeue(message, part, later(HELD_LOOK));
      return;
    case 'policy':
      await hold(inbox, 'policy', later(POLICY_HOLD));
      await requeue(message, part, later(POLICY_HOLD));
      return;
    case 'window_closed':
    case 'unreachable':
    case 'rejected':
      return fail();
    case 'unknown_outcome':
      return;
  }
}

/** Holds the inbox because its usage nears the platform's limit. */
export const holdForUsage = (inbox: Inbox, until: number): Promise<void> =>
  hold(inbox, 'rate_limited', new Date(until));

/** A new id for one attempt of a part. */
export const newAttemptId = (): string => new mongoose.Types.ObjectId().toString();
