import mongoose from 'mongoose';
import { ConversationModel, MessageModel, type Conversation, type Message } from '../../models/index.js';
import type { Act } from '../act.js';

/** A message with the conversation it stands in. */
export interface Landed {
  conversation: Conversation;
  message: Message;
}

/** What a sender has sent under this id before; sending the same again is answered with it (PROTOCOLS 3). */
export async function findKnown(
  { session }: Act,
  senderKey: string | { $in: string[] },
  clientMessageId: string,
): Promise<Landed | null> {
  const message = await MessageModel.findOne({ senderKey, clientMessageId }, null, { session }).lean();
  if (message === null) return null;
  const conversation = await ConversationModel.findById(message.conversation, null, { session }).lean();
  if (conversation === null) throw new Error('a message has lost its conversation');
  return { conversation, message };
}

/**
 * Whether a look-up of a repeat may wait: a message that is there already makes the insert fail, and the next run finds it. With
 * files the uploads would fail first.
 */
export const mayLookLater = ({ run }: Act, attachmentIds: readonly string[]): boolean =>
  run === 1 && attachmentIds.length === 0;

/** How a message of ours names the one it answers. */
export const replyReference = (messageId: string | null) =>
  messageId === null ? null : { message: new mongoose.Types.ObjectId(messageId), externalId: null };
