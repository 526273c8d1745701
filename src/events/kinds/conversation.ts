import type { ConversationStatus } from '../../shared/conversation-status.js';
import type { Priority } from '../../shared/words.js';
import type { Changed } from '../changed.js';

export interface ConversationEvents {
  'conversation.created': { inbox: string; channel: string; contact: string; previous: string | null };
  'conversation.assigned': Changed<string | null>;
  /** It was given to another team. */
  'conversation.transferred': Changed<string | null>;
  'conversation.statusChanged': Changed<ConversationStatus>;
  'conversation.priorityChanged': Changed<Priority>;
  'conversation.readByTeam': { identity: string; channel: string };
}
