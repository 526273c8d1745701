import type { QueryFilter } from 'mongoose';
import { ConversationModel, MessageModel, ReadStateModel, type Message } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { act } from '../act.js';
import { readConversation } from '../conversations/load-conversation.js';
import type { Hub } from '../../hub.js';

export interface MarkReadProps {
  conversationId: string;
  /** The last revision on the reader's screen. */
  rev: number;
}

/**
 * Notes how far a member of the team has read; never goes back. Also raises what the customer sees as read by the team.
 * @returns the reader's new `readCount`.
 * @throws AppError 404; AccessDenied; 503.
 */
export async function markRead(hub: Hub, actor: StaffActor, { conversationId, rev }: MarkReadProps): Promise<number> {
  const conversation = await readConversation(actor, conversationId, 'conversation.read');
  const last = await lastMessage({ conversation: conversation._id, seq: { $lte: rev } });
  const lastOfContact =
    last?.senderType === 'contact'
      ? last
      : await lastMessage({ conversation: conversation._id, seq: { $lte: rev }, senderType: 'contact' });
  const read = last?.contactCount ?? 0;
  return act(hub, actor, async (unit) => {
    const { session } = unit;
    const before = await ReadStateModel.findOneAndUpdate(
      { user: actor.userId, conversation: conversation._id },
      { $max: { readRev: rev, readCount: read } },
      { session, upsert: true, returnDocument: 'before' },
    ).lean();
    const countBefore = before?.readCount ?? 0;
    const readCount = Math.max(countBefore, read);
    if (lastOfContact !== null && lastOfContact.orderAt > (conversation.teamReadUpTo ?? new Date(0))) {
      const raised = await ConversationModel.findOneAndUpdate(
        { _id: conversation._id },
        { $max: { teamReadUpTo: lastOfContact.orderAt }, $inc: { version: 1 } },
        { session, returnDocument: 'after' },
      ).lean();
      if (raised !== null) unit.show(raised);
      unit.record({
        type: 'conversation.readByTeam',
        conversation: conversationId,
        rev: null,
        data: { identity: String(conversation.identity), channel: conversation.channel },
      });
    } else if (readCount > countBefore) {
      // Lists catch up by version, those in the reader's other windows too.
      await ConversationModel.updateOne({ _id: conversation._id }, { $inc: { version: 1 } }, { session });
    }
    unit.tell({ type: 'read_state', userId: actor.userId, conversationId, readCount });
    return readCount;
  });
}

const lastMessage = (filter: QueryFilter<Message>) =>
  onStore(MessageModel.findOne(filter, 'contactCount orderAt senderType').sort({ seq: -1 }).lean().exec());
