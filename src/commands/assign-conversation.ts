import mongoose from 'mongoose';
import { conflict, notFound, validationError } from '../errors.js';
import { ConversationModel, InboxModel, UserModel, type Conversation } from '../models/index.js';
import { statusAfterAssignment } from '../shared/conversation-status.js';
import { mayHold } from '../shared/holder.js';
import { inTransaction } from '../storage/in-transaction.js';
import { addMessage } from './add-message.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';
import { ourOrder } from './inbound/applying.js';

export interface AssignConversationProps {
  conversationId: string;
  /** Null: nobody holds it any more. */
  assigneeId: string | null;
  by: { id: string; name: string };
  /** The policy's word, inside the transaction; throws when the user may not. */
  authorize(conversation: Conversation): void;
}

/**
 * Gives a conversation to an agent, or takes it from its holder, and says so in the thread.
 * @throws AppError 404, 403 from `authorize`, 400 for an assignee who may not hold it, 409 for a closed conversation.
 */
export async function assignConversation(hub: Hub, props: AssignConversationProps): Promise<Conversation> {
  const { conversation, aftermath } = await inTransaction(async (session) => {
    const told = new Aftermath();
    const before = await ConversationModel.findById(props.conversationId, null, { session }).lean();
    if (before === null) throw notFound('This conversation');
    props.authorize(before);
    if (before.status === 'closed') throw conflict('This conversation is closed.');
    const previous = before.assignee ? String(before.assignee) : null;
    if (previous === props.assigneeId) return { conversation: before, aftermath: told };

    const assignee = props.assigneeId === null ? null : await findAssignee(props.assigneeId, before, session);
    const { conversation: after, message } = await addMessage(
      session,
      before,
      {
        kind: 'activity',
        senderType: 'system',
        senderKey: 'system',
        orderAt: ourOrder(hub.now(), before.lastOrderAt),
        tieKey: new mongoose.Types.ObjectId().toString(),
        activity: {
          type: assignee === null ? 'unassigned' : 'assigned',
          data: { by: props.by.name, to: assignee?.name ?? null },
        },
      },
      { assignee: assignee?._id ?? null, status: statusAfterAssignment(before.status, assignee !== null) },
    );
    told.note(after, { message, messageCreated: true, previousAssignee: previous });
    return { conversation: after, aftermath: told };
  });
  aftermath.tell(hub);
  return conversation;
}

async function findAssignee(id: string, { inbox }: Conversation, session: mongoose.ClientSession) {
  const user = await UserModel.findById(id, 'name role active', { session }).lean();
  const members = (await InboxModel.findById(inbox, 'members', { session }).lean())?.members ?? [];
  if (user === null || !mayHold({ id: String(user._id), role: user.role, active: user.active }, members.map(String))) {
    const message = 'Only active members of this inbox and admins can take its conversations.';
    throw validationError([{ field: 'assigneeId', message }]);
  }
  return user;
}
