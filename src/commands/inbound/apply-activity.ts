import type { ActivityEvent, InboundEvent } from '../../../channels/types.js';
import { ConversationModel, InboxModel, type Conversation } from '../../models/index.js';
import { addMessage } from '../add-message.js';
import { DONE, inboundOrder, type Applying, type Handler } from './applying.js';
import { landingConversation } from './landing.js';

type ThreadOwner = Extract<InboundEvent, { type: 'thread_owner' }>;
type AccountEvent = Extract<InboundEvent, { type: 'account_hold' | 'account_resume' | 'account_notice' }>;

async function addActivity(applying: Applying, event: ActivityEvent, receivedAt: Date): Promise<Conversation> {
  const { hub, session, aftermath, inbox } = applying;
  const identity = await applying.identity();
  const orderAt = inboundOrder(event.occurredAt, receivedAt);
  const landed = await landingConversation(hub, session, inbox, identity, { kind: 'activity', at: orderAt });
  const { conversation, message } = await addMessage(session, landed.conversation, {
    kind: 'activity',
    senderType: 'system',
    senderKey: 'system',
    orderAt,
    tieKey: event.externalId,
    activity: { type: event.activity, data: event.data },
  });
  aftermath.note(conversation, { message, messageCreated: true, conversationCreated: landed.created });
  return conversation;
}

/** Something that happened shows as a line of the system. */
export const applyActivity: Handler<ActivityEvent> = async (applying, event, stored) => {
  await addActivity(applying, event, stored.receivedAt);
  return DONE;
};

/** Who holds the thread by the platform's word; the newest word counts. */
export const applyThreadOwner: Handler<ThreadOwner> = async (applying, event, stored) => {
  const conversation = await addActivity(applying, event.activity, stored.receivedAt);
  const at = new Date(event.activity.occurredAt);
  const changed = await ConversationModel.findOneAndUpdate(
    { _id: conversation._id, $or: [{ threadOwnerAt: null }, { threadOwnerAt: { $lt: at } }] },
    { $set: { threadOwner: event.owner, threadOwnerAt: at }, $inc: { version: 1 } },
    { session: applying.session, returnDocument: 'after' },
  ).lean();
  if (changed !== null) applying.aftermath.note(changed);
  return DONE;
};

/** The platform says something about the whole account: sends are held or resumed, or it is only noted. The newest word counts. */
export const applyAccountEvent: Handler<AccountEvent> = async (applying, event) => {
  const at = new Date(event.occurredAt);
  const kind = event.type === 'account_notice' ? event.notice : 'hold';
  const path = `notices.${kind.replace(/[.$]/g, '_')}`;
  const newer = { _id: applying.inbox._id, $or: [{ [`${path}.at`]: null }, { [`${path}.at`]: { $lte: at } }] };
  const word = event.type === 'account_notice' ? { at, data: event.data } : { at, data: { type: event.type } };
  const hold =
    event.type === 'account_hold'
      ? { sendHold: { reason: event.reason, until: event.until === null ? null : new Date(event.until) } }
      : event.type === 'account_resume'
        ? { sendHold: null }
        : {};
  await InboxModel.updateOne(newer, { $set: { [path]: word, ...hold } }, { session: applying.session });
  return DONE;
};
