import mongoose from 'mongoose';
import { conflict, notFound, validationError } from '../errors.js';
import { ConversationModel, UserModel, type Conversation } from '../models/index.js';
import type { ConversationStatus } from '../shared/conversation-status.js';
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

/** Where an assignment leaves the status (SPEC 1). */
function statusAfterAssignment(conversation: Conversation, assigned: boolean): ConversationStatus {
  if (!assigned)
    return conversation.status === 'assigned' || conversation.status === 'in_progress' ? 'open' : conversation.status;
  return conversation.status === 'open' ? 'assigned' : conversation.status;
}

/**
 * Gives a conversation to an agent, or takes it from its holder, and says so in the thread.
 * @throws AppError 404, 403 from `authorize`, 400 for an unknown or inactive assignee, 409 for a closed conversation.
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

    const assignee = props.assigneeId === null ? null : await findAssignee(props.assigneeId, session);
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
      { assignee: assignee?._id ?? null, status: statusAfterAssignment(before, assignee !== null) },
    );
    const fenced = await ConversationModel.findOneAndUpdate(
      { _id: after._id },
      { $set: { speaker: assignee === null ? null : `agent:${String(assignee._id)}` }, $inc: { fence: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
    told.note(fenced ?? after, { message, messageCreated: true, previousAssignee: previous });
    return { conversation: fenced ?? after, aftermath: told };
  });
  aftermath.tell(hub);
  return conversation;
}

async function findAssignee(id: string, session: mongoose.ClientSession) {
  const user = await UserModel.findById(id, 'name role active', { session }).lean();
  if (user === null || !user.active || user.role === 'customer') {
    throw validationError([{ field: 'assigneeId', message: 'This agent cannot take conversations.' }]);
  }
  return user;
}
