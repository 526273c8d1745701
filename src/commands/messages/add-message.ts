import mongoose from 'mongoose';
import { ConversationModel, MessageModel, newMessage, type Conversation, type Message } from '../../models/index.js';
import { changeOne } from '../../storage/change-one.js';
import { previewOf } from '../../utils/preview.js';
import type { Act } from '../act.js';

type ObjectId = mongoose.Types.ObjectId;

/** A message about to be born; what the conversation decides (seq, rev, counts) is filled in as it is added. */
export type MessageDraft = Pick<Message, 'kind' | 'senderType' | 'senderKey' | 'orderAt' | 'tieKey'> &
  Partial<
    Pick<
      Message,
      | '_id'
      | 'sender'
      | 'senderName'
      | 'clientMessageId'
      | 'text'
      | 'payload'
      | 'attachments'
      | 'moreAttachments'
      | 'quickReplies'
      | 'replyTo'
      | 'standby'
      | 'maybeOurs'
      | 'activity'
      | 'externalIds'
      | 'parts'
      | 'nextAttemptAt'
      | 'context'
    >
  >;

/** Reading order of what we write: after everything that stands there (PROTOCOLS 3). */
export const ourOrder = (now: Date, lastOrderAt: Date | null | undefined): Date =>
  new Date(Math.max(now.getTime(), (lastOrderAt?.getTime() ?? 0) + 1));

const isOurs = ({ senderType, kind }: MessageDraft): boolean =>
  (senderType === 'agent' || senderType === 'bot') && kind !== 'note';

/** How a message stands in its conversation's row of the lists. */
const asLastMessage = (draft: MessageDraft, _id: ObjectId, attachments: number) => ({
  message: _id,
  preview: previewOf(draft.text, attachments),
  note: draft.kind === 'note',
  senderType: draft.senderType,
  at: draft.orderAt,
});

/**
 * Adds a message to a conversation. Its first statement moves the conversation's `rev`, which both locks it and numbers the message,
 * so that commit order is rev order (PROTOCOLS 3).
 * @param conversation as it is in this act.
 */
export async function addMessage(
  act: Act,
  conversation: Conversation,
  draft: MessageDraft,
): Promise<{ conversation: Conversation; message: Message }> {
  const _id = draft._id ?? new mongoose.Types.ObjectId();
  const leads = draft.kind !== 'activity' && draft.orderAt >= (conversation.lastMessage?.at ?? new Date(0));
  const ours = isOurs(draft);
  const bumped = await changeOne<Conversation>(
    ConversationModel.collection,
    { _id: conversation._id },
    {
      $inc: { rev: 1, version: 1, ...(draft.senderType === 'contact' ? { contactMessageCount: 1 } : {}) },
      $set: {
        lastActivityAt: act.now,
        ...(leads ? { lastMessage: asLastMessage(draft, _id, draft.attachments?.length ?? 0) } : {}),
        // Read in this act: whoever moved the rev since makes this update conflict.
        ...(ours ? { lastAgentRev: conversation.rev + 1, lastAgent: draft.sender ?? null } : {}),
      },
      $max: { lastOrderAt: draft.orderAt, ...(ours ? { lastOurOrderAt: draft.orderAt } : {}) },
    },
    act.session,
  );
  if (bumped === null) throw new Error(`conversation ${String(conversation._id)} has gone`);
  return { conversation: bumped, message: await insertMessage(act, bumped, { ...draft, _id }) };
}

/**
 * Adds a customer's message to their live thread in one statement, where that is all there is to do: it is the newest, and the
 * status stays.
 * @param attachments how many come with it.
 * @returns null where more has to be looked at.
 */
export const bumpLiveThread = (
  act: Act,
  identity: ObjectId,
  draft: MessageDraft & { _id: ObjectId },
  attachments: number,
): Promise<Conversation | null> =>
  changeOne<Conversation>(
    ConversationModel.collection,
    {
      identity,
      current: true,
      status: { $in: ['open', 'assigned', 'in_progress', 'reopened'] },
      'lastMessage.at': { $lte: draft.orderAt },
    },
    {
      $inc: { rev: 1, version: 1, contactMessageCount: 1 },
      $set: { lastActivityAt: act.now, lastMessage: asLastMessage(draft, draft._id, attachments) },
      $max: { lastOrderAt: draft.orderAt },
    },
    act.session,
  );

/** Inserts a message whose conversation has been moved for it. */
export async function insertMessage(
  act: Act,
  conversation: Conversation,
  draft: MessageDraft & { _id: ObjectId },
): Promise<Message> {
  const message: Message = {
    ...newMessage(),
    ...draft,
    conversation: conversation._id,
    inbox: conversation.inbox,
    channel: conversation.channel,
    identity: conversation.identity,
    seq: conversation.rev,
    rev: conversation.rev,
    contactCount: conversation.contactMessageCount,
    createdAt: act.now,
  };
  // The types have checked it, and a Mongoose document would cost more than the insert itself.
  await MessageModel.collection.insertOne(message, { session: act.session, ignoreUndefined: true });
  const { kind, senderType, sender } = message;
  if (kind !== 'activity') {
    act.record({
      type: 'message.created',
      conversation: String(conversation._id),
      rev: message.rev,
      data: { message: String(message._id), kind, senderType, sender: sender ? String(sender) : null },
    });
  }
  act.show(conversation, { message, isNew: true });
  return message;
}

/** Says in the thread that something happened. */
export const addActivity = (
  act: Act,
  conversation: Conversation,
  activity: { type: string; data: Record<string, unknown> },
  at: { orderAt: Date; tieKey: string } = {
    orderAt: ourOrder(act.now, conversation.lastOrderAt),
    tieKey: new mongoose.Types.ObjectId().toString(),
  },
): Promise<{ conversation: Conversation; message: Message }> =>
  addMessage(act, conversation, {
    kind: 'activity',
    senderType: 'system',
    senderKey: 'system',
    activity,
    ...at,
  });
