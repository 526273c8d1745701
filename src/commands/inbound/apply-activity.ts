import type { ActivityEvent, InboundEvent } from '../../../channels/types.js';
import { ConversationModel, InboxModel, type Conversation } from '../../models/index.js';
import { landingConversation } from '../conversations/landing.js';
import { addActivity } from '../messages/add-message.js';
import { DONE, inboundOrder, type Applying, type Handler } from './applying.js';

type ThreadOwner = Extract<InboundEvent, { type: 'thread_owner' }>;
type AccountEvent = Extract<InboundEvent, { type: 'account_hold' | 'account_resume' | 'account_notice' }>;

async function showActivity(applying: Applying, event: ActivityEvent, receivedAt: Date): Promise<Conversation> {
  const { act, inbox } = applying;
  const identity = await applying.identity();
  const orderAt = inboundOrder(event.occurredAt, receivedAt);
  const landed = await landingConversation(act, inbox, identity, { kind: 'activity', at: orderAt });
  const activity = { type: event.activity, data: event.data };
  const at = { orderAt, tieKey: event.externalId };
  return (await addActivity(act, landed.conversation, activity, at)).conversation;
}

/** Something that happened shows as a line of the system. */
export const applyActivity: Handler<ActivityEvent> = async (applying, event, stored) => {
  await showActivity(applying, event, stored.receivedAt);
  return DONE;
};

/** Who holds the thread by the platform's word; the newest word counts. */
export const applyThreadOwner: Handler<ThreadOwner> = async (applying, event, stored) => {
  const conversation = await showActivity(applying, event.activity, stored.receivedAt);
  const at = new Date(event.activity.occurredAt);
  const changed = await ConversationModel.findOneAndUpdate(
    { _id: conversation._id, $or: [{ threadOwnerAt: null }, { threadOwnerAt: { $lt: at } }] },
    { $set: { threadOwner: event.owner, threadOwnerAt: at }, $inc: { version: 1 } },
    { session: applying.act.session, returnDocument: 'after' },
  ).lean();
  if (changed !== null) applying.act.show(changed);
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
  await InboxModel.updateOne(newer, { $set: { [path]: word, ...hold } }, { session: applying.act.session });
  return DONE;
};
