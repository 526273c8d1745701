import { CounterModel, MessageModel, type Message } from '../../models/index.js';
import type { Act } from '../act.js';
import { changeMessage } from '../messages/change-message.js';

/** A platform's word that it took one part of a message. */
export interface Acceptance {
  n: number;
  externalId: string;
  acceptedAt: Date;
  /** The echo's time is the platform's own and replaces an estimate. */
  exact: boolean;
  /** Another message may hold the id. False spares the look-up where it is unlikely: the unique key then makes the transaction run again. */
  mayBeImported: boolean;
}

/**
 * Records the platform's id of a part, whoever learns it first: the answer, the echo or the look-up. The same id again changes
 * nothing; a second id for a part is kept and shown as "sent twice"; an id that was imported as somebody else's message absorbs
 * that message (PROTOCOLS 7, 8).
 * @param message as it is in this transaction.
 */
export async function recordAccepted(act: Act, message: Message, acceptance: Acceptance): Promise<void> {
  const { n, externalId, acceptedAt } = acceptance;
  const part = message.parts.find((candidate) => candidate.n === n);
  if (part === undefined) return;

  if (message.externalIds?.includes(externalId)) {
    if (acceptance.exact) {
      await MessageModel.updateOne(
        { _id: message._id },
        { $set: { 'parts.$[p].acceptedAt': acceptedAt } },
        { session: act.session, arrayFilters: [{ 'p.externalId': externalId }] },
      );
    }
    return;
  }
  if (acceptance.mayBeImported) await absorb(act, message, externalId);

  const secondId = part.externalId !== null && part.externalId !== undefined;
  const { message: changed } = secondId
    ? await keepSecondId(act, message, externalId)
    : await markSent(act, message, n, externalId, acceptedAt);
  if (changed.nextAttemptAt) act.owesSend(changed.conversation);
}

async function markSent(act: Act, message: Message, n: number, externalId: string, acceptedAt: Date) {
  const owed = message.parts.some((part) => part.n !== n && (part.state === 'queued' || part.state === 'sending'));
  return changeMessage(
    act,
    message,
    'delivery',
    {
      $set: {
        'parts.$[p].state': 'sent',
        'parts.$[p].externalId': externalId,
        'parts.$[p].acceptedAt': acceptedAt,
        'parts.$[p].error': null,
        ...(owed ? { nextAttemptAt: act.now } : {}),
      },
      $push: { externalIds: externalId },
      ...(owed ? {} : { $unset: { nextAttemptAt: 1 } }),
    },
    { arrayFilters: [{ 'p.n': n }] },
  );
}

async function keepSecondId(act: Act, message: Message, externalId: string) {
  await CounterModel.updateOne({ _id: 'sent_twice' }, { $inc: { value: 1 } }, { session: act.session, upsert: true });
  return changeMessage(act, message, 'delivery', { $set: { sentTwice: true }, $push: { externalIds: externalId } });
}

/** The echo was imported before we knew that it is ours: that copy disappears and its id moves here. */
async function absorb(act: Act, message: Message, externalId: string): Promise<void> {
  const imported = await MessageModel.findOne(
    { inbox: message.inbox, externalIds: externalId, _id: { $ne: message._id } },
    null,
    { session: act.session },
  ).lean();
  if (imported === null) return;
  await changeMessage(act, imported, 'content', {
    $set: { absorbed: true, text: null, attachments: [] },
    $unset: { externalIds: 1 },
  });
}
