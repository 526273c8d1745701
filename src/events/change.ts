import type { Contact, ContactIdentity, Conversation, Message } from '../models/index.js';
import type { Place } from '../shared/conversation-rights.js';
import type { Availability } from '../shared/words.js';
import type { DomainEvent } from './domain-event.js';

/** What a committed act did to one conversation. */
export interface ConversationChange {
  type: 'conversation';
  /** As it is afterwards. */
  conversation: Conversation;
  /** Born in this act. */
  created: boolean;
  /** Where it stood before, if it stands elsewhere now: other people may see it then. */
  movedFrom: Place | null;
  /** Messages born or changed, in order. */
  messages: { message: Message; created: boolean }[];
  /** What happened in it. */
  events: DomainEvent[];
  /** What the act has read around it, so that presenting reads nothing twice. */
  around: { contact?: Contact | Promise<Contact | null>; identity?: ContactIdentity };
}

/** A change that leaves a conversation where it is, without messages. */
export const changeOf = (conversation: Conversation): ConversationChange => ({
  type: 'conversation',
  conversation,
  created: false,
  movedFrom: null,
  messages: [],
  events: [],
  around: {},
});

/** What a committed act changed, told to the sockets (DESIGN 2). */
export type Change =
  | ConversationChange
  | {
      type: 'contact_typing';
      conversation: Pick<Conversation, '_id' | 'inbox' | 'team' | 'assignee'>;
      isTyping: boolean;
    }
  | {
      type: 'agent_typing';
      conversation: Pick<Conversation, '_id' | 'inbox' | 'team' | 'assignee' | 'identity'>;
      user: { id: string; name: string };
      isTyping: boolean;
    }
  | { type: 'read_state'; userId: string; conversationId: string; readCount: number }
  | { type: 'availability'; userId: string; availability: Availability }
  /** One of the company's lists has changed, by its name in the API: `labels`. */
  | { type: 'list'; name: string }
  | { type: 'scope'; userId: string; scopeRev: number }
  /** Visitors' sockets that came with a token of an epoch before this one have to go. */
  | { type: 'visitor_tokens_ended'; identityId: string; epoch: number }
  /** A user's or one session's sockets have to go: logged out, deactivated, password changed. */
  | { type: 'revoked'; userId: string; sessionId: string | null };
