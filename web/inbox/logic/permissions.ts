import {
  CONVERSATION_STATUSES,
  canTransition,
  type ConversationStatus,
} from '../../../src/shared/conversation-status.js';
import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { InboxDto } from '../../../src/shared/schemas/inbox.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import { mayHold } from '../../../src/shared/holder.js';

/** Whether a user leads: sees all conversations of the inboxes and assigns to others (SPEC 3.2). */
export const leads = (user: Pick<UserDto, 'role'>): boolean => user.role === 'admin' || user.role === 'supervisor';

/** Whether a user may change a conversation: leaders any, agents those they hold. */
export const mayWork = (user: Pick<UserDto, 'id' | 'role'>, conversation: ConversationDto): boolean =>
  leads(user) || conversation.assignee?.id === user.id;

/** Whether a user may take a conversation that nobody holds. */
export const mayAccept = (conversation: ConversationDto): boolean =>
  conversation.assignee === null && conversation.status !== 'closed' && conversation.status !== 'resolved';

/** The legal next statuses to offer, by the shared table. */
export const statusMoves = ({ status, assignee }: Pick<ConversationDto, 'status' | 'assignee'>): ConversationStatus[] =>
  CONVERSATION_STATUSES.filter((to) => canTransition(status, to, assignee !== null));

/** The colleagues a conversation may be given to, by name; before its inbox is known, all that might be. */
export function assignableUsers(users: readonly UserDto[], inbox: InboxDto | undefined): UserDto[] {
  return users
    .filter((user) => mayHold(user, inbox?.memberIds ?? [user.id]))
    .sort((a, b) => a.name.localeCompare(b.name));
}
