import type { ClientSession } from 'mongoose';
import { CounterModel, MessageModel, type Message } from '../../models/index.js';
import type { Aftermath } from '../aftermath.js';
import { changeMessage } from '../add-message.js';

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
export async function recordAccepted(
  session: ClientSession,
  aftermath: Aftermath,
  message: Message,
  acceptance: Acceptance,
): Promise<void> {
  const { n, externalId, acceptedAt } = acceptance;
  const part = message.parts.find((candidate) => candidate.n === n);
  if (part === undefined) return;

  if (message.externalIds?.includes(externalId)) {
    if (acceptance.exact) {
      await MessageModel.updateOne(
        { _id: message._id },
        { $set: { 'parts.$[p].acceptedAt': acceptedAt } },
        { session, arrayFilters: [{ 'p.externalId': externalId }] },
      );
    }
    return;
  }
  if (acceptance.mayBeImported) await absorb(session, aftermath, message, externalId);

  const secondId = part.externalId !== null && part.externalId !== undefined;
  const { conversation, message: changed } = secondId
    ? await keepSecondId(session, message, externalId)
    : await settlePart(session, message, n, externalId, acceptedAt);
  aftermath.note(conversation, { message: changed });
  if (changed.nextAttemptAt) aftermath.outbound.add(String(conversation._id));
}

async function settlePart(session: ClientSession, message: Message, n: number, externalId: string, acceptedAt: Date) {
  const owed = message.parts.some((part) => part.n !== n && (part.state === 'queued' || part.state === 'sending'));
  return changeMessage(
    session,
    message,
    {
      $set: {
        'parts.$[p].state': 'sent',
        'parts.$[p].externalId': externalId,
        'parts.$[p].acceptedAt': acceptedAt,
        'parts.$[p].error': null,
        ...(owed ? { nextAttemptAt: new Date() } : {}),
      },
      $push: { externalIds: externalId },
      ...(owed ? {} : { $unset: { nextAttemptAt: 1 } }),
    },
    { arrayFilters: [{ 'p.n': n }] },
  );
}

async function keepSecondId(session: ClientSession, message: Message, externalId: string) {
  await CounterModel.updateOne({ _id: 'sent_twice' }, { $inc: { value: 1 } }, { session, upsert: true });
  return changeMessage(session, message, { $set: { sentTwice: true }, $push: { externalIds: externalId } });
}

/** The echo was imported before we knew that it is ours: that copy disappears and its id moves here. */
async function absorb(
  session: ClientSession,
  aftermath: Aftermath,
  message: Message,
  externalId: string,
): Promise<void> {
  const imported = await MessageModel.findOne(
    { inbox: message.inbox, externalIds: externalId, _id: { $ne: message._id } },
    null,
    { session },
  ).lean();
  if (imported === null) return;
  const { conversation, message: tombstone } = await changeMessage(session, imported, {
    $set: { absorbed: true, text: null, attachments: [] },
    $unset: { externalIds: 1 },
  });
  aftermath.note(conversation, { message: tombstone });
}
