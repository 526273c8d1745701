import type { ChannelCapabilities } from '../../channels/types.js';
import type { Contact, ContactIdentity, Conversation, Inbox } from '../models/index.js';
import type { ReplyContext } from '../shared/schemas/conversation.js';

/** What the one policy function needs to know of a conversation (DESIGN 5). */
export function replyContext(
  capabilities: ChannelCapabilities,
  inbox: Pick<Inbox, 'state' | 'settings'>,
  identity: Pick<ContactIdentity, 'lastInboundAt'> | null,
  contact: Pick<Contact, 'blocked'> | null,
  conversation: Pick<Conversation, 'status'>,
): ReplyContext {
  const window = capabilities.replyWindow;
  const humanAgent = (inbox.settings as { humanAgent?: unknown } | null)?.humanAgent === true;
  return {
    windowMs: window?.windowMs ?? null,
    humanAgentMs: window !== null && humanAgent ? window.humanAgentMs : null,
    lastInboundAt: identity?.lastInboundAt?.getTime() ?? null,
    blocked: contact?.blocked ?? false,
    disconnected: inbox.state === 'disconnected',
    closed: conversation.status === 'closed',
  };
}
