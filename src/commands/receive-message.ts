import mongoose, { type ClientSession } from 'mongoose';
import { validationError, visitorSessionEnded } from '../errors.js';
import {
  ContactIdentityModel,
  ConversationModel,
  MessageModel,
  type Conversation,
  type Message,
} from '../models/index.js';
import { inTransaction, onStore } from '../storage/in-transaction.js';
import { inboxById } from '../models/cached-inboxes.js';
import { TtlCache } from '../utils/ttl-cache.js';
import { addMessage } from './add-message.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';
import { statusAfterContact } from './inbound/apply-message.js';
import { landingConversation } from './inbound/landing.js';
import { formerIdentities } from './merge-identity.js';
import { takeUploads } from './take-uploads.js';

export interface ReceiveMessageProps {
  /** The visitor who writes, as the token says. */
  identityId: string;
  /** Of the visitor's token. */
  epoch: number;
  text: string | null;
  /** Sending the same again answers with the message that is there. */
  clientMessageId: string;
  attachmentIds: string[];
  replyToMessageId: string | null;
  /** Payload of a tapped quick reply. */
  payload: string | null;
}

/**
 * A visitor's message over our own channel: stored with all that follows from it before it is acknowledged.
 * @throws AppError 400 for an empty message or an unknown attachment, 401 when the visitor's token has ended, 503 when the store
 * does not answer.
 */
export async function receiveMessage(
  hub: Hub,
  props: ReceiveMessageProps,
): Promise<{ conversation: Conversation; message: Message }> {
  const senderKey = `identity:${props.identityId}`;
  const inboxId = await inboxOf(props.identityId);
  const inbox = inboxId === null ? null : await inboxById(inboxId);
  if (inbox === null || inbox.state === 'disconnected')
    throw validationError([{ field: 'token', message: 'This chat no longer exists. Please reload.' }]);
  const result = await inTransaction(async (session, run) => {
    const aftermath = new Aftermath();
    // A message that is there already makes the insert fail, and the next run finds it; with files the uploads would fail first.
    const isFirstTry = run === 1 && props.attachmentIds.length === 0;
    const now = new Date(hub.now());
    const identity = await ContactIdentityModel.findOneAndUpdate(
      { _id: props.identityId },
      { $inc: { touches: 1 }, $max: { lastInboundAt: now } },
      { session, returnDocument: 'after' },
    ).lean();
    if (identity === null)
      throw validationError([{ field: 'token', message: 'This chat no longer exists. Please reload.' }]);
    if ((identity.tokenEpoch ?? 0) !== props.epoch) throw visitorSessionEnded();
    const known = isFirstTry ? null : await findKnown(session, senderKey, props.clientMessageId);
    if (known !== null) return { known, aftermath, landed: null };
    const formerKeys = (await formerIdentities(identity, session)).map((id) => `identity:${id}`);
    const earlier =
      formerKeys.length === 0 ? null : await findKnown(session, { $in: formerKeys }, props.clientMessageId);
    if (earlier !== null) return { known: earlier, aftermath, landed: null };
    const { conversation: before, created } = await landingConversation(hub, session, inbox, identity, {
      kind: 'contact',
      at: now,
    });
    const _id = new mongoose.Types.ObjectId();
    const attachments = await takeUploads(session, [senderKey, ...formerKeys], props.attachmentIds, {
      message: _id,
      conversation: before._id,
    });
    const status = statusAfterContact(before);
    const landed = await addMessage(
      session,
      before,
      {
        _id,
        kind: 'message',
        senderType: 'contact',
        sender: identity.contact,
        senderKey,
        clientMessageId: props.clientMessageId,
        orderAt: now,
        tieKey: String(_id),
        text: props.text,
        payload: props.payload,
        attachments: attachments.map((attachment) => attachment._id),
        replyTo: replyReference(props.replyToMessageId),
      },
      status === undefined ? {} : { status },
    );
    aftermath.note(landed.conversation, {
      message: landed.message,
      messageCreated: true,
      conversationCreated: created,
    });
    return { known: null, aftermath, landed };
  });
  result.aftermath.tell(hub);
  if (result.landed !== null) return result.landed;
  return { conversation: await conversationOf(result.known), message: result.known };
}

/** An identity never moves to another inbox. */
const inboxes = new TtlCache<string | null>(60_000);

const inboxOf = (identityId: string): Promise<string | null> =>
  inboxes.get(identityId, async () => {
    const identity = await onStore(ContactIdentityModel.findById(identityId, 'inbox').lean().exec());
    return identity === null ? null : String(identity.inbox);
  });

/** The message that a sender has sent under this id before. */
export const findKnown = (
  session: ClientSession,
  senderKey: string | { $in: string[] },
  clientMessageId: string,
): Promise<Message | null> => MessageModel.findOne({ senderKey, clientMessageId }, null, { session }).lean().exec();

/** How a message of ours names the one it answers. */
export const replyReference = (messageId: string | null) =>
  messageId === null ? null : { message: new mongoose.Types.ObjectId(messageId), externalId: null };

/** The conversation of a message that exists. */
export async function conversationOf(message: Pick<Message, 'conversation'>): Promise<Conversation> {
  const conversation = await ConversationModel.findById(message.conversation).lean();
  if (conversation === null) throw new Error('a message has lost its conversation');
  return conversation;
}
