import mongoose from 'mongoose';
import { validationError } from '../errors.js';
import {
  ContactIdentityModel,
  ConversationModel,
  InboxModel,
  MessageModel,
  type Conversation,
  type Message,
} from '../models/index.js';
import { inTransaction } from '../storage/in-transaction.js';
import { addMessage } from './add-message.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';
import { statusAfterContact } from './inbound/apply-message.js';
import { landingConversation, touchIdentity } from './inbound/landing.js';
import { takeUploads } from './take-uploads.js';

export interface ReceiveMessageProps {
  /** The visitor who writes, as the token says. */
  identityId: string;
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
 * @throws AppError 400 for an empty message or an unknown attachment, 503 when the store does not answer.
 */
export async function receiveMessage(
  hub: Hub,
  props: ReceiveMessageProps,
): Promise<{ conversation: Conversation; message: Message }> {
  const senderKey = `identity:${props.identityId}`;
  const result = await inTransaction(async (session) => {
    const aftermath = new Aftermath();
    const known = await MessageModel.findOne({ senderKey, clientMessageId: props.clientMessageId }, null, {
      session,
    }).lean();
    if (known !== null) return { known, aftermath, landed: null };

    const now = new Date(hub.now());
    const identityRow = await ContactIdentityModel.findById(props.identityId, 'inbox externalId', { session }).lean();
    const inbox = identityRow && (await InboxModel.findById(identityRow.inbox, null, { session }).lean());
    if (!identityRow || !inbox)
      throw validationError([{ field: 'token', message: 'This chat no longer exists. Please reload.' }]);
    const identity = await touchIdentity(hub, session, aftermath, {
      inbox,
      externalId: identityRow.externalId,
      openedWindowAt: now,
    });
    const { conversation: before, created } = await landingConversation(hub, session, inbox, identity, {
      kind: 'contact',
      at: now,
    });
    const _id = new mongoose.Types.ObjectId();
    const attachments = await takeUploads(session, senderKey, props.attachmentIds, {
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

/** How a message of ours names the one it answers. */
export const replyReference = (messageId: string | null) =>
  messageId === null ? null : { message: new mongoose.Types.ObjectId(messageId), externalId: null };

/** The conversation of a message that exists. */
export async function conversationOf(message: Pick<Message, 'conversation'>): Promise<Conversation> {
  const conversation = await ConversationModel.findById(message.conversation).lean();
  if (conversation === null) throw new Error('a message has lost its conversation');
  return conversation;
}
