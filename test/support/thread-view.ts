import type { Hub } from '../../src/hub.js';
import {
  ContactIdentityModel,
  ConversationModel,
  InboxModel,
  MessageModel,
  WebhookEventModel,
  type Conversation,
} from '../../src/models/index.js';
import { forgetInboxes } from '../../src/models/cached-inboxes.js';
import { presentConversation } from '../../src/presenters/conversation.js';
import { presentInbox } from '../../src/presenters/inbox.js';
import { loadMessageContext } from '../../src/presenters/load-message-context.js';
import { presentMessage } from '../../src/presenters/message.js';
import { deliveryOf } from '../../src/shared/thread-order.js';

/** File links hold a time; presented at one moment they stay the same. */
const READ_AT = Date.UTC(2026, 11, 1);

/** Everything that staff can see, and what stands in the store beside it. */
export type View = Awaited<ReturnType<typeof viewOf>>;

export async function viewOf(hub: Hub) {
  forgetInboxes();
  const conversations = await ConversationModel.find().sort({ number: 1 }).lean();
  const inboxes = await InboxModel.find().sort({ accountId: 1 }).lean();
  return {
    threads: await Promise.all(conversations.map((conversation) => threadOf(hub, conversation))),
    // When the last events came and went is written once a minute, whatever they said.
    inboxes: inboxes.map((inbox) => ({
      ...presentInbox(inbox),
      lastEventInAt: null,
      lastEventOutAt: null,
      notices: inbox.notices as Record<string, unknown>,
    })),
    events: (await WebhookEventModel.find().sort({ dedupeKey: 1 }).lean()).map(({ state, dedupeKey, error }) => ({
      state,
      dedupeKey,
      error: error ?? null,
    })),
  };
}

async function threadOf(hub: Hub, row: Conversation) {
  const conversation = await presentConversation(hub, row);
  const identity = await ContactIdentityModel.findById(row.identity).lean();
  const messages = await MessageModel.find({ conversation: row._id }).sort({ orderAt: 1, tieKey: 1 }).lean();
  const context = await loadMessageContext(messages, hub.env, READ_AT);
  return {
    page: inboxOf(conversation.inbox.name),
    externalId: identity?.externalId ?? null,
    conversation,
    entries: messages.map((message) => {
      const presented = presentMessage(message, context);
      // Names are cached for seconds; the conversation above has the contact's own.
      const name = presented.sender.type === 'contact' ? '' : presented.sender.name;
      return {
        ...presented,
        sender: { ...presented.sender, name },
        tick: deliveryOf(presented, conversation),
        payload: message.payload ?? null,
        standby: message.standby ?? false,
      };
    }),
  };
}

const inboxOf = (name: string): string => name.replace('Page ', '');

/** Ids, revisions and times of our own, which differ between two runs of the same events. */
const OWN = new Set([
  ...['id', 'conversationId', 'messageId', 'previousConversationId', 'url', 'number'],
  ...['seq', 'rev', 'version', 'createdAt', 'lastActivityAt'],
]);

/** A view without what two stores cannot have in common. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'string') return value.replace(/^Visitor [0-9A-F]{4}$/, 'Visitor');
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !OWN.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, comparable(item)]));
}
