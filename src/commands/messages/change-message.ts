import type mongoose from 'mongoose';
import type { EventData } from '../../events/kinds/index.js';
import { ConversationModel, MessageModel, type Conversation, type Message } from '../../models/index.js';
import type { Act } from '../act.js';

/** What a change of a message does to it. */
export type MessageUpdate = mongoose.UpdateQuery<Message>;

/**
 * Changes a message visibly: moves the conversation's rev, which is the first statement on the conversation in its act, and gives it
 * to the message (PROTOCOLS 3).
 */
export async function changeMessage(
  act: Act,
  { _id, conversation }: Pick<Message, '_id' | 'conversation'>,
  what: EventData['message.changed']['what'],
  update: MessageUpdate,
  options: { arrayFilters?: Record<string, unknown>[] } = {},
): Promise<{ conversation: Conversation; message: Message }> {
  const { session } = act;
  const bumped = await ConversationModel.findOneAndUpdate(
    { _id: conversation },
    { $inc: { rev: 1, version: 1 } },
    { session, returnDocument: 'after' },
  ).lean();
  if (bumped === null) throw new Error(`conversation ${String(conversation)} has gone`);
  const changed = await MessageModel.findOneAndUpdate(
    { _id },
    { ...update, $set: { ...update.$set, rev: bumped.rev } },
    { session, returnDocument: 'after', ...options },
  ).lean();
  if (changed === null) throw new Error(`message ${String(_id)} has gone`);
  const data = { message: String(_id), what };
  act.record({ type: 'message.changed', conversation: String(conversation), rev: bumped.rev, data });
  act.show(bumped, { message: changed });
  return { conversation: bumped, message: changed };
}
