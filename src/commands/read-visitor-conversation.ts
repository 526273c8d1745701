import type { Types } from 'mongoose';
import { ConversationModel, UserModel, type Conversation, type User } from '../models/index.js';
import { onStore } from '../storage/in-transaction.js';

/** The visitor's live conversation and who holds it; null: there is none. @throws AppError 503. */
export async function readVisitorConversation(
  identityId: Types.ObjectId,
): Promise<{ conversation: Conversation; assignee: Pick<User, 'name'> | null } | null> {
  const conversation = await onStore(
    ConversationModel.findOne({ identity: identityId, current: true }).lean<Conversation>().exec(),
  );
  if (conversation === null) return null;
  const assignee = await onStore(
    UserModel.findById(conversation.assignee, { name: 1 }).lean<Pick<User, 'name'>>().exec(),
  );
  return { conversation, assignee };
}
