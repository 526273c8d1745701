import { conflict, notFound } from '../../errors.js';
import { MessageModel, type Message } from '../../models/index.js';
import type { Actor } from '../../policies/index.js';
import { act } from '../act.js';
import { conversationFor } from '../conversations/load-conversation.js';
import type { Hub } from '../../hub.js';
import { changeMessage } from './change-message.js';

/**
 * A person's "send again": failed and unconfirmed parts are queued anew. Whether the window still allows it is decided when the
 * part is sent.
 * @throws AppError 404; AccessDenied; 409 when there is nothing to send again; 503.
 */
export const resendMessage = (
  hub: Hub,
  actor: Actor,
  { conversationId, messageId }: { conversationId: string; messageId: string },
): Promise<Message> =>
  act(hub, actor, async (unit) => {
    const conversation = await conversationFor(unit, conversationId, 'conversation.send');
    const mine = { _id: messageId, conversation: conversation._id };
    const before = await MessageModel.findOne(mine, null, { session: unit.session }).lean();
    if (before === null) throw notFound('This message');
    if (!before.parts.some((part) => part.state === 'failed' || part.state === 'unconfirmed')) {
      throw conflict('There is nothing to send again.');
    }
    const { message } = await changeMessage(
      unit,
      before,
      'delivery',
      {
        $set: {
          'parts.$[p].state': 'queued',
          'parts.$[p].tries': 0,
          'parts.$[p].throttles': 0,
          'parts.$[p].attempts': 0,
          'parts.$[p].error': null,
          nextAttemptAt: unit.now,
        },
      },
      { arrayFilters: [{ 'p.state': { $in: ['failed', 'unconfirmed'] } }] },
    );
    unit.owesSend(conversation._id);
    return message;
  });
