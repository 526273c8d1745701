import type { Actor } from './actor.js';
import { conversationPolicies, type ConversationSubject } from './conversation.js';
import { isStaff, leadsPeople } from './roles.js';

/** Who may see, change and use labels (SPEC 5.3). */
export const labelPolicies = {
  'label.list': isStaff,
  'label.manage': leadsPeople,
  /** Putting labels on a conversation and taking them off: whoever may write a note there. */
  'conversation.label': (actor: Actor, conversation: ConversationSubject): boolean =>
    conversationPolicies['conversation.note'](actor, conversation),
} as const satisfies Record<string, (actor: Actor, conversation: ConversationSubject) => boolean>;
