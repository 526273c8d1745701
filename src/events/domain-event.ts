import type { ConversationStatus } from '../shared/conversation-status.js';
import type { Availability, MessageKind, Priority, SenderType } from '../shared/words.js';

/** A value that was replaced by another. */
export interface Changed<T> {
  from: T;
  to: T;
}

/**
 * Everything that happens here and that anybody may react to, as `noun.pastTense`, with what is kept of it: ids and values, never
 * texts (DESIGN 13, PROTOCOLS 2). Ids are hex strings.
 */
export interface EventData {
  'message.created': { message: string; kind: MessageKind; senderType: SenderType; sender: string | null };
  /** Edited, unsent, reacted to, or its sending went on. */
  'message.changed': { message: string; what: 'content' | 'delivery' | 'attachments' };
  'conversation.created': { inbox: string; channel: string; contact: string; previous: string | null };
  'conversation.assigned': Changed<string | null>;
  /** It was given to another team. */
  'conversation.transferred': Changed<string | null>;
  'conversation.statusChanged': Changed<ConversationStatus>;
  'conversation.priorityChanged': Changed<Priority>;
  'conversation.labelsChanged': { added: string[]; removed: string[] };
  'conversation.readByTeam': { identity: string; channel: string };
  'contact.changed': { contact: string; fields: string[] };
  'identity.created': { identity: string; inbox: string; channel: string };
  /** Offered by this host, with its port; '' for what has no address. */
  'attachment.received': { message: string; attachment: string; host: string };
  'user.availabilityChanged': { user: string } & Changed<Availability>;
  'user.deactivated': { user: string };
  'inbox.stateChanged': { inbox: string } & Changed<string>;
}

export type DomainEventType = keyof EventData;

/** One thing that happened. */
export type DomainEvent<T extends DomainEventType = DomainEventType> = {
  [K in T]: {
    type: K;
    /** Whose conversation it happened in; null: in none. */
    conversation: string | null;
    /** The conversation's rev that it made; null where it made none. */
    rev: number | null;
    data: EventData[K];
  };
}[T];
