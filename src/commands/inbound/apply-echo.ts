import mongoose from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import { ConversationModel, MessageModel, type ContactIdentity } from '../../models/index.js';
import { landingConversation } from '../conversations/landing.js';
import { addMessage } from '../messages/add-message.js';
import { parseMetadata } from '../outbound/metadata.js';
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
  const acceptedAt = new Date(event.occurredAt);
  const own = parseMetadata(event.metadata, act.hub.installId);
  if (own !== null) {
    const acceptance = { message: own.message, n: own.n, externalId: event.externalId, acceptedAt, exact: true };
    if (await recordAccepted(act, acceptance)) return DONE;
  }
  const known = await applying.byExternalId(event.externalId);
  if (known !== null) {
    const part = known.parts.find((candidate) => candidate.externalId === event.externalId);
    if (part !== undefined) {
      await recordAccepted(act, {
        message: known._id,
        n: part.n,
        externalId: event.externalId,
        acceptedAt,
        exact: true,
      });
    }
    return DONE;
  }
  const identity = await applying.identity();
  const young = act.now.getTime() - stored.receivedAt.getTime() < MAY_BE_OURS_FOR;
  if (event.origin === 'own' && young && (await isSending(applying, identity))) return { kind: 'postponed' };
  return importEcho(applying, event, stored.receivedAt, identity);
};

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
