import mongoose from 'mongoose';
import { invalidTransition, notFound } from '../errors.js';
import { ConversationModel, type Conversation } from '../models/index.js';
import { canTransition, fitsHolder, type ConversationStatus } from '../shared/conversation-status.js';
import { inTransaction } from '../storage/in-transaction.js';
import { addMessage } from './add-message.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';
import { ourOrder } from './inbound/applying.js';

export interface ChangeStatusProps {
  conversationId: string;
  status: ConversationStatus;
  by: { name: string };
  authorize(conversation: Conversation): void;
}

/** What to do about a status that says something else of the holder. */
const HOLDER_FIRST = {
  true: ' Somebody holds it: take it from them instead.',
  false: ' Nobody holds it: assign it to somebody first.',
} as const;

/**
 * Moves a conversation to another status, along the one table of legal moves.
 * @throws AppError 404, 403 from `authorize`, 409 INVALID_TRANSITION.
 */
export async function changeStatus(hub: Hub, props: ChangeStatusProps): Promise<Conversation> {
  const { conversation, aftermath } = await inTransaction(async (session) => {
    const told = new Aftermath();
    const before = await ConversationModel.findById(props.conversationId, null, { session }).lean();
    if (before === null) throw notFound('This conversation');
    props.authorize(before);
    if (before.status === props.status) return { conversation: before, aftermath: told };
    const held = Boolean(before.assignee);
    if (!canTransition(before.status, props.status, held))
      throw invalidTransition(
        before.status,
        props.status,
        fitsHolder(props.status, held) ? '' : HOLDER_FIRST[`${held}`],
      );
    const { conversation: after, message } = await addMessage(
      session,
      before,
      {
        kind: 'activity',
        senderType: 'system',
        senderKey: 'system',
        orderAt: ourOrder(hub.now(), before.lastOrderAt),
        tieKey: new mongoose.Types.ObjectId().toString(),
        activity: { type: 'status', data: { by: props.by.name, from: before.status, to: props.status } },
      },
      { status: props.status },
    );
    told.note(after, { message, messageCreated: true });
    return { conversation: after, aftermath: told };
  });
  aftermath.tell(hub);
  return conversation;
}
