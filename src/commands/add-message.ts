import mongoose, { type ClientSession } from 'mongoose';
import { ConversationModel, MessageModel, newMessage, type Conversation, type Message } from '../models/index.js';
import { previewOf } from '../utils/preview.js';
import { isActive, type ConversationStatus } from '../shared/conversation-status.js';

/** A message about to be born; what the conversation decides (seq, rev, counts) is filled in by `addMessage`. */
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

/** What else a message changes on its conversation. */
export interface ConversationPatch {
  status?: ConversationStatus;
  /** Another holder, who is also the one to speak; null: nobody any more. */
  assignee?: mongoose.Types.ObjectId | null;
  lastAgent?: mongoose.Types.ObjectId | null;
}

/** Fields of a conversation that go with a status, so that views can find it (see the model's `active`). */
export function statusFields(status: ConversationStatus, at: Date): Record<string, unknown> {
  return { status, active: isActive(status), ...(status === 'closed' ? { current: false, closedAt: at } : {}) };
}

/**
 * Adds a message to a conversation inside a transaction. Its first statement moves the conversation's `rev`, which both locks it
 * and numbers the message, so that commit order is rev order (PROTOCOLS 3).
 * @param conversation as it is in this transaction.
 */
export async function addMessage(
  session: ClientSession,
  conversation: Conversation,
  draft: MessageDraft,
  patch: ConversationPatch = {},
): Promise<{ conversation: Conversation; message: Message }> {
  const now = new Date();
  const _id = draft._id ?? new mongoose.Types.ObjectId();
  const fromContact = draft.senderType === 'contact';
  const ours = draft.senderType === 'agent' || draft.senderType === 'bot';
  const isNote = draft.kind === 'note';
  const leads = draft.kind !== 'activity' && draft.orderAt >= (conversation.lastMessage?.at ?? new Date(0));

  const set: Record<string, unknown> = { lastActivityAt: now };
  if (leads) {
    const preview = previewOf(draft.text, draft.attachments?.length ?? 0);
    set['lastMessage'] = { message: _id, preview, note: isNote, senderType: draft.senderType, at: draft.orderAt };
  }
  if (patch.status !== undefined) Object.assign(set, statusFields(patch.status, now));
  if (patch.assignee !== undefined) {
    const speaker = patch.assignee === null ? null : `agent:${String(patch.assignee)}`;
    Object.assign(set, { assignee: patch.assignee, speaker });
  }
  // Read in this transaction: whoever moved it since makes the update below conflict.
  if (ours && !isNote) Object.assign(set, { lastAgentRev: conversation.rev + 1, lastAgent: patch.lastAgent ?? null });

  const bumped = await ConversationModel.findOneAndUpdate(
    { _id: conversation._id },
    {
      $inc: {
        rev: 1,
        version: 1,
        ...(fromContact ? { contactMessageCount: 1 } : {}),
        ...(patch.assignee === undefined ? {} : { fence: 1 }),
      },
      $set: set,
      $max: { lastOrderAt: draft.orderAt, ...(ours && !isNote ? { lastOurOrderAt: draft.orderAt } : {}) },
    },
    { session, returnDocument: 'after' },
  ).lean();
  if (bumped === null) throw new Error(`conversation ${String(conversation._id)} has gone`);

  const message: Message = {
    ...newMessage(),
    ...draft,
    _id,
    conversation: bumped._id,
    inbox: bumped.inbox,
    channel: bumped.channel,
    identity: bumped.identity,
    seq: bumped.rev,
    rev: bumped.rev,
    contactCount: bumped.contactMessageCount,
    createdAt: now,
  };
  // The types have checked it, and a Mongoose document would cost more than the insert itself.
  await MessageModel.collection.insertOne(message, { session, ignoreUndefined: true });
  return { conversation: bumped, message };
}

/**
 * Moves the conversation's `rev` for a visible change of one of its messages and gives the new number. First statement on the
 * conversation in its transaction.
 */
export async function bumpRev(session: ClientSession, conversation: mongoose.Types.ObjectId): Promise<Conversation> {
  const bumped = await ConversationModel.findOneAndUpdate(
    { _id: conversation },
    { $inc: { rev: 1, version: 1 } },
    { session, returnDocument: 'after' },
  ).lean();
  if (bumped === null) throw new Error(`conversation ${String(conversation)} has gone`);
  return bumped;
}

/** Changes a message visibly: moves the conversation's rev and gives it to the message. */
export async function changeMessage(
  session: ClientSession,
  message: Pick<Message, '_id' | 'conversation'>,
  update: mongoose.UpdateQuery<Message>,
  options: { arrayFilters?: Record<string, unknown>[] } = {},
): Promise<{ conversation: Conversation; message: Message }> {
  const conversation = await bumpRev(session, message.conversation);
  const changed = await MessageModel.findOneAndUpdate(
    { _id: message._id },
    { ...update, $set: { ...update.$set, rev: conversation.rev } },
    { session, returnDocument: 'after', ...options },
  ).lean();
  if (changed === null) throw new Error(`message ${String(message._id)} has gone`);
  return { conversation, message: changed };
}
