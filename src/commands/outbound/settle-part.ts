import { ChannelError } from '../../../channels/errors.js';
import {
  AttachmentModel,
  CounterModel,
  InboxModel,
  MessageModel,
  WebhookEventModel,
  type Message,
  type MessagePart,
} from '../../models/index.js';
import { forgetInboxes } from '../../models/cached-inboxes.js';
import { SYSTEM } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { crashPoint } from '../../utils/crash-points.js';
import { act, type Act } from '../act.js';
import { laneOf } from '../inbound/store-webhook-items.js';
import { noteEvent } from '../inboxes/note-event.js';
import { changeMessage, type MessageUpdate } from '../messages/change-message.js';
import { asLeft, type Attempt, type Outcome } from './attempt.js';
import { recordAccepted } from './record-accepted.js';

/** Waits between tries of a call that may be repeated. Milliseconds, ± 30 %. */
const BACK_OFF = [2_000, 8_000, 30_000, 120_000];
const THROTTLE_FIRST = 60_000;
const THROTTLE_MOST = 15 * 60_000;
const POLICY_HOLD = 6 * 3_600_000;
/** A send that waits for somebody to lift the hold is looked at again this late. */
const HELD_LOOK = 30_000;

const jittered = (ms: number): number => Math.round(ms * (0.7 + Math.random() * 0.6));

/** Writes down what became of a step, and what follows from it. */
export function settlePart(attempt: Attempt, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
      return accept(attempt, outcome);
    case 'refused':
      return fail(attempt, outcome.error);
    case 'failed':
      return callFailed(attempt, outcome.fault);
    case 'unclear':
      return lookAgain(attempt, outcome);
    case 'unconfirmed':
      return giveUp(attempt);
  }
}

/** Works in an act on message and part as they are there. */
const inAct = (
  { hub, message, part }: Attempt,
  work: (unit: Act, now: Message, still: MessagePart) => Promise<unknown>,
): Promise<void> =>
  act(hub, SYSTEM, async (unit) => {
    const now = await MessageModel.findById(message._id, null, { session: unit.session }).lean();
    const still = now?.parts.find(({ n }) => n === part.n);
    if (now && still) await work(unit, now, still);
  });

async function accept(attempt: Attempt, outcome: Extract<Outcome, { kind: 'accepted' }>): Promise<void> {
  const { hub, message, part } = attempt;
  const { externalId, acceptedAt, holdUntil } = outcome;
  await inAct(attempt, (unit, now) =>
    recordAccepted(unit, now, { n: part.n, externalId, acceptedAt, exact: false, mayBeImported: unit.run > 1 }),
  );
  noteEvent(hub, String(message.inbox), 'out');
  await wakeWaiting(attempt, outcome);
  crashPoint('afterSendRecorded');
  if (holdUntil !== undefined) await hold(attempt, 'rate_limited', new Date(holdUntil));
}

/**
 * What waited for this id is due now (PROTOCOLS 6). After the commit, so that whoever does not see the id has stored by now that it
 * waits for it; best effort, because the sweep comes back to it anyway.
 */
async function wakeWaiting(
  { hub, inbox: { channel, accountId } }: Attempt,
  { externalId, sentTo }: { externalId: string; sentTo: string },
): Promise<void> {
  try {
    const woken = await onStore(
      WebhookEventModel.updateMany(
        { channel, accountId, waitsFor: externalId, state: 'waiting' },
        { $set: { dueAt: new Date(hub.now()) } },
      ).exec(),
    );
    if (woken.modifiedCount > 0) hub.hints.inbound(laneOf(channel, { accountId, contactId: sentTo }));
  } catch (error) {
    hub.logger.debug('outbound', 'what waited for a message could not be woken', { externalId, error });
  }
}

/** The part will never be sent: it fails, and with it the parts after it. Visible, so it takes a rev. */
const fail = (attempt: Attempt, error: NonNullable<MessagePart['error']>): Promise<void> =>
  inAct(attempt, async (unit, now, still) => {
    const { n, attemptId } = attempt.part;
    if (still.state === 'sent' || still.attemptId !== attemptId) return;
    const later = { fault: 'earlier_part', message: 'An earlier part of this message could not be sent.' };
    const update: MessageUpdate = {
      $set: {
        'parts.$[p].state': 'failed',
        'parts.$[p].error': error,
        'parts.$[later].state': 'failed',
        'parts.$[later].error': later,
      },
      $unset: { nextAttemptAt: 1 },
    };
    await changeMessage(unit, now, 'delivery', update, { arrayFilters: [{ 'p.n': n }, { 'later.n': { $gt: n } }] });
  });

/** Nobody can tell whether the part was sent: shown as unconfirmed and counted; a person may send it again. */
const giveUp = (attempt: Attempt): Promise<void> =>
  inAct(attempt, async (unit, now, still) => {
    const { n, attemptId } = attempt.part;
    if (still.state !== 'sending' || still.attemptId !== attemptId) return;
    const count = { session: unit.session, upsert: true };
    await CounterModel.updateOne({ _id: 'unconfirmed' }, { $inc: { value: 1 } }, count);
    const owed = now.parts.some((candidate) => candidate.state === 'queued');
    const update: MessageUpdate = {
      $set: {
        'parts.$[p].state': 'unconfirmed',
        'parts.$[p].error': { fault: 'unknown_outcome', message: 'The platform did not say whether this was sent.' },
        ...(owed ? { nextAttemptAt: unit.now } : {}),
      },
      ...(owed ? {} : { $unset: { nextAttemptAt: 1 } }),
    };
    await changeMessage(unit, now, 'delivery', update, { arrayFilters: [{ 'p.n': n }] });
  });

/** Asks once more later. Not visible: no rev. */
async function lookAgain(attempt: Attempt, { lookAgainAt, lookups }: Extract<Outcome, { kind: 'unclear' }>) {
  const { filter, options } = asLeft(attempt);
  const set = { nextAttemptAt: lookAgainAt, 'parts.$[p].lookups': lookups };
  await onStore(MessageModel.updateOne(filter, { $set: set }, options).exec());
}

/** Puts a part that was surely not sent back into the queue until a later moment; that call was no attempt. Not visible: no rev. */
async function requeue(
  attempt: Attempt,
  at: Date,
  { tries = attempt.part.tries, throttles = attempt.part.throttles ?? 0 } = {},
): Promise<void> {
  const { filter, options } = asLeft(attempt, ['queued', 'sending']);
  const set = {
    'parts.$[p].state': 'queued',
    'parts.$[p].tries': tries,
    'parts.$[p].throttles': throttles,
    'parts.$[p].attempts': attempt.part.attempts,
    nextAttemptAt: at,
  };
  await onStore(MessageModel.updateOne(filter, { $set: set }, options).exec());
}

/** Holds the inbox's sends. A hold never shortens another: one without an end stays until it is lifted. */
async function hold(
  { inbox }: Attempt,
  reason: string,
  until: Date | null,
  state?: 'needs_reauthorisation',
): Promise<void> {
  const weaker = until === null ? {} : { $or: [{ sendHold: null }, { 'sendHold.until': { $lt: until } }] };
  const set = { sendHold: { reason, until }, ...(state === undefined ? {} : { state }) };
  await onStore(InboxModel.updateOne({ _id: inbox._id, ...weaker }, { $set: set }).exec());
  forgetInboxes();
}

async function callFailed(attempt: Attempt, error: ChannelError): Promise<void> {
  const { hub, message, part, inbox, file } = attempt;
  const { fault, detail } = error;
  hub.logger.warn('outbound', 'a platform call failed', { message: String(message._id), part: part.n, fault, detail });
  if (error.dropUpload && file !== null) {
    const drop = { $pull: { remotes: { inbox: inbox._id } } };
    await onStore(AttachmentModel.updateOne({ _id: file._id }, drop).exec());
  }
  await follow(attempt, error);
}

/** What follows from a provider's fault; every fault has its one row (STYLE 19). */
async function follow(attempt: Attempt, error: ChannelError): Promise<void> {
  const { hub, part } = attempt;
  const later = (ms: number) => new Date(hub.now() + ms);
  switch (error.fault) {
    case 'retry': {
      const tries = part.tries + 1;
      if (tries >= (error.maxTries ?? BACK_OFF.length + 1)) return lastTryFailed(attempt, error);
      const wait = error.retryAfterMs ?? BACK_OFF[Math.min(tries, BACK_OFF.length) - 1] ?? THROTTLE_FIRST;
      return requeue(attempt, later(jittered(wait)), { tries });
    }
    case 'throttled': {
      const throttles = part.throttles ?? 0;
      const wait = error.retryAfterMs ?? Math.min(jittered(THROTTLE_FIRST * 2 ** throttles), THROTTLE_MOST);
      await hold(attempt, 'rate_limited', later(wait));
      return requeue(attempt, later(wait), { throttles: throttles + 1 });
    }
    case 'unauthorised':
      await hold(attempt, 'needs_reauthorisation', null, 'needs_reauthorisation');
      return requeue(attempt, later(HELD_LOOK));
    case 'misconfigured':
      await hold(attempt, 'misconfigured', null);
      return requeue(attempt, later(HELD_LOOK));
    case 'policy':
      await hold(attempt, 'policy', later(POLICY_HOLD));
      return requeue(attempt, later(POLICY_HOLD));
    case 'window_closed':
    case 'unreachable':
    case 'rejected':
      return fail(attempt, { fault: error.fault, code: error.code, message: error.message });
    case 'unknown_outcome':
      return;
  }
}

/** A fault that was tried often enough turns out to be what its channel says, or fails the part. */
function lastTryFailed(attempt: Attempt, { fault, lastFault, message, code, detail }: ChannelError): Promise<void> {
  if (lastFault === null) return fail(attempt, { fault, code, message });
  const afresh = { ...attempt, part: { ...attempt.part, tries: 0 } };
  return callFailed(afresh, new ChannelError(lastFault, message, { code, detail }));
}
