import { conflict, notFound } from '../errors.js';
import { ConversationModel, MessageModel, type Conversation, type Message } from '../models/index.js';
import { inTransaction } from '../storage/in-transaction.js';
import { Aftermath } from './aftermath.js';
import { changeMessage } from './add-message.js';
import type { Hub } from './hub.js';

export interface ResendMessageProps {
  conversationId: string;
  messageId: string;
  authorize(conversation: Conversation): void;
}

/**
 * A person's "send again": failed and unconfirmed parts are queued anew. Whether the window still allows it is decided when the
 * part is sent.
 * @throws AppError 404, 403 from `authorize`, 409 when there is nothing to send again.
 */
export async function resendMessage(hub: Hub, props: ResendMessageProps): Promise<Message> {
  const { message, aftermath } = await inTransaction(async (session) => {
    const told = new Aftermath();
    const conversation = await ConversationModel.findById(props.conversationId, null, { session }).lean();
    if (conversation === null) throw notFound('This conversation');
    props.authorize(conversation);
    const before = await MessageModel.findOne({ _id: props.messageId, conversation: conversation._id }, null, {
      session,
    }).lean();
    if (before === null) throw notFound('This message');
    if (!before.parts.some((part) => part.state === 'failed' || part.state === 'unconfirmed')) {
      throw conflict('There is nothing to send again.');
    }
    const changed = await changeMessage(
      session,
      before,
      {
        $set: {
          'parts.$[p].state': 'queued',
          'parts.$[p].tries': 0,
          'parts.$[p].throttles': 0,
          'parts.$[p].attempts': 0,
          'parts.$[p].error': null,
          nextAttemptAt: new Date(hub.now()),
        },
      },
      { arrayFilters: [{ 'p.state': { $in: ['failed', 'unconfirmed'] } }] },
    );
    told.note(changed.conversation, { message: changed.message });
    told.outbound.add(String(conversation._id));
    return { message: changed.message, aftermath: told };
  });
  aftermath.tell(hub);
  return message;
}
