import type { Conversation, Message } from '../models/index.js';

/** What a committed command changed, told to the sockets (DESIGN 2). */
export type Change =
  | {
      type: 'conversation';
      conversation: Conversation;
      /** Born in this transaction. */
      created: boolean;
      /** Who held it before, when that changed; undefined: it did not. */
      previousAssignee?: string | null;
      /** Messages born or changed, in order. */
      messages: { message: Message; created: boolean }[];
    }
  | { type: 'contact_typing'; conversation: Pick<Conversation, '_id' | 'inbox' | 'assignee'>; isTyping: boolean }
  | {
      type: 'agent_typing';
      conversation: Pick<Conversation, '_id' | 'inbox' | 'assignee' | 'identity'>;
      user: { id: string; name: string };
      isTyping: boolean;
    }
  | { type: 'read_state'; userId: string; conversationId: string; readCount: number }
  | { type: 'availability'; userId: string; availability: 'available' | 'busy' | 'away' | 'offline' }
  | { type: 'scope'; userId: string; scopeRev: number }
  /** Visitors' sockets that came with a token of an epoch before this one have to go. */
  | { type: 'visitor_tokens_ended'; identityId: string; epoch: number }
  /** A user's or one session's sockets have to go: logged out, deactivated, password changed. */
  | { type: 'revoked'; userId: string; sessionId: string | null };
