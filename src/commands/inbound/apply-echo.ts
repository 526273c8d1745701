import mongoose from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import { ConversationModel, MessageModel, type ContactIdentity, type Message } from '../../models/index.js';
import { landingConversation } from '../conversations/landing.js';
import { addMessage } from '../messages/add-message.js';
import { isOwnAttempt, parseMetadata } from '../outbound/metadata.js';
import { recipientOf } from '../outbound/recipient-of.js';
import { recordAccepted } from '../outbound/record-accepted.js';
import { storeAttachments } from './apply-message.js';
import { DONE, inboundOrder, type Applying, type Handler } from './applying.js';

type EchoEvent = Extract<InboundEvent, { type: 'echo' }>;

/** How long an echo that may be one of ours waits for the answer that tells (PROTOCOLS 7). Milliseconds. */
const MAY_BE_OURS_FOR = 60_000;
/** Conversations of one contact in which a send may be under way. */
const RECENT_CONVERSATIONS = 5;

/** The platform's copy of what our side sent: confirms our own send, or shows what was written elsewhere. */
export const applyEcho: Handler<EchoEvent> = async (applying, event, stored) => {
  const { act } = applying;
  const { externalId } = event;
  const sent = (await ownSend(applying, event)) ?? (await knownSend(applying, externalId));
  if (sent !== null) {
    const { message, n } = sent;
    if (n === null) return DONE;
    const acceptedAt = new Date(event.occurredAt);
    const acceptance = { n, externalId, acceptedAt, exact: true, mayBeImported: true };
    await recordAccepted(act, message, acceptance);
    return DONE;
  }
  const identity = await applying.identity();
  // All that we send bears a mark of ours, so what bears another is not waited with.
  const mayBeOurs = event.origin === 'own' && event.metadata === null;
  const young = act.now.getTime() - stored.receivedAt.getTime() < MAY_BE_OURS_FOR;
  if (mayBeOurs && young && (await isSending(applying, identity))) return { kind: 'postponed' };
  return importEcho(applying, event, stored.receivedAt, identity);
};

/** The message that an echo is about, and the part; null: the id is none of its parts'. */
interface Sent {
  message: Message;
  n: number | null;
}

/** The send that the echo's mark names, if the echo is what it would be for that send (PROTOCOLS 7). */
async function ownSend(applying: Applying, event: EchoEvent): Promise<Sent | null> {
  const mark = event.origin === 'own' ? parseMetadata(event.metadata, applying.act.hub.installId) : null;
  if (mark === null) return null;
  const message = await MessageModel.findById(mark.message, null, { session: applying.act.session }).lean();
  if (message === null) return null;
  const seen = { inbox: applying.inbox._id, contactId: applying.contactId };
  return isOwnAttempt(message, await recipientOf(message), mark, seen) ? { message, n: mark.n } : null;
}

async function knownSend(applying: Applying, externalId: string): Promise<Sent | null> {
  const message = await applying.byExternalId(externalId);
  const part = message?.parts.find((candidate) => candidate.externalId === externalId);
  return message && { message, n: part?.n ?? null };
}

async function isSending(applying: Applying, identity: ContactIdentity): Promise<boolean> {
  const conversations = await ConversationModel.find({ identity: identity._id }, '_id', {
    session: applying.act.session,
    sort: { _id: -1 },
    limit: RECENT_CONVERSATIONS,
  }).lean();
  const sending = await MessageModel.findOne(
    {
      conversation: { $in: conversations.map((conversation) => conversation._id) },
      nextAttemptAt: { $exists: true },
      'parts.state': 'sending',
    },
    '_id',
    { session: applying.act.session },
  ).lean();
  return sending !== null;
}

async function importEcho(applying: Applying, event: EchoEvent, receivedAt: Date, identity: ContactIdentity) {
  const { act, inbox } = applying;
  const orderAt = inboundOrder(event.occurredAt, receivedAt);
  const landed = await landingConversation(act, inbox, identity, { kind: 'ours', at: orderAt });
  const messageId = new mongoose.Types.ObjectId();
  const attachments = await storeAttachments(act, event.attachments, messageId, landed.conversation._id);
  await addMessage(act, landed.conversation, {
    _id: messageId,
    kind: 'message',
    senderType: 'agent',
    senderName: event.senderName,
    senderKey: `account:${inbox.accountId}`,
    orderAt,
    tieKey: event.externalId,
    text: event.text,
    attachments,
    standby: event.standby,
    ...(event.origin === 'own' ? { maybeOurs: true } : {}),
    externalIds: [event.externalId],
  });
  return DONE;
}
