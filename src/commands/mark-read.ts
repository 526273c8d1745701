import { ConversationModel, MessageModel, ReadStateModel, type Conversation } from '../models/index.js';
import { recordEvent } from '../events/record-event.js';
import { inTransaction, onStore } from '../storage/in-transaction.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';

export interface MarkReadProps {
  conversation: Pick<Conversation, '_id' | 'identity' | 'channel' | 'teamReadUpTo'>;
  userId: string;
  /** The last revision on the reader's screen. */
  rev: number;
}

/**
 * Notes how far a user has read; never goes back. Also raises what the customer sees as read by the team.
 * @returns the reader's new `readCount`.
 */
export async function markRead(hub: Hub, { conversation, userId, rev }: MarkReadProps): Promise<number> {
  const last = await onStore(
    MessageModel.findOne({ conversation: conversation._id, seq: { $lte: rev } }, 'contactCount')
      .sort({ seq: -1 })
      .lean()
      .exec(),
  );
  const lastOfContact = await lastContactMessage(conversation, rev);
  const { readCount, aftermath } = await inTransaction(async (session) => {
    const told = new Aftermath();
    const before = await ReadStateModel.findOneAndUpdate(
      { user: userId, conversation: conversation._id },
      { $max: { readRev: rev, readCount: last?.contactCount ?? 0 } },
      { session, upsert: true, returnDocument: 'before' },
    ).lean();
    const countBefore = before?.readCount ?? 0;
    const count = Math.max(countBefore, last?.contactCount ?? 0);
    if (lastOfContact !== null && lastOfContact.orderAt > (conversation.teamReadUpTo ?? new Date(0))) {
      const raised = await ConversationModel.findOneAndUpdate(
        { _id: conversation._id },
        { $max: { teamReadUpTo: lastOfContact.orderAt }, $inc: { version: 1 } },
        { session, returnDocument: 'after' },
      ).lean();
      if (raised !== null) told.note(raised);
      const owing = await recordEvent(session, hub.consumers, {
        type: 'conversation.readByTeam',
        conversation: String(conversation._id),
        data: {
          conversationId: String(conversation._id),
          identityId: String(conversation.identity),
          canShowRead: hub.channels.get(conversation.channel)?.capabilities.readReceipts === true,
        },
      });
      for (const consumer of owing) told.consumers.add(consumer);
    } else if (count > countBefore) {
      // Lists catch up by version, those in the reader's other windows too.
      await ConversationModel.updateOne({ _id: conversation._id }, { $inc: { version: 1 } }, { session });
    }
    return { readCount: count, aftermath: told };
  });
  aftermath.tell(hub);
  hub.emitAfterCommit({ type: 'read_state', userId, conversationId: String(conversation._id), readCount });
  return readCount;
}

const lastContactMessage = (conversation: Pick<Conversation, '_id'>, rev: number) =>
  onStore(
    MessageModel.findOne({ conversation: conversation._id, seq: { $lte: rev }, senderType: 'contact' }, 'orderAt')
      .sort({ seq: -1 })
      .lean()
      .exec(),
  );
