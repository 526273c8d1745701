import {
  CONVERSATION_STATUSES,
  canTransition,
  type ConversationStatus,
} from '../../../src/shared/conversation-status.js';
import type { ConversationDto, InboxDto, UserDto } from '../../../src/shared/dto.js';

/** Whether a user leads: sees all conversations of the inboxes and assigns to others (SPEC 3.2). */
export const leads = (user: Pick<UserDto, 'role'>): boolean => user.role === 'admin' || user.role === 'supervisor';

/** Whether a user may change a conversation: leaders any, agents those they hold. */
export const mayWork = (user: Pick<UserDto, 'id' | 'role'>, conversation: ConversationDto): boolean =>
  leads(user) || conversation.assignee?.id === user.id;

/** Whether a user may take a conversation that nobody holds. */
export const mayAccept = (conversation: ConversationDto): boolean =>
  conversation.assignee === null && conversation.status !== 'closed' && conversation.status !== 'resolved';

/**
 * The legal next statuses to offer, by the shared table. `open` means that nobody holds it and `assigned` that somebody
 * does, so each is offered only where that is so.
 */
export function statusMoves(conversation: Pick<ConversationDto, 'status' | 'assignee'>): ConversationStatus[] {
  const held = conversation.assignee !== null;
  return CONVERSATION_STATUSES.filter(
    (to) => canTransition(conversation.status, to) && !(to === 'open' && held) && !(to === 'assigned' && !held),
  );
}

/** The colleagues a conversation may be given to: active staff who work in its inbox, by name. */
export function assignableUsers(users: readonly UserDto[], inbox: InboxDto | undefined): UserDto[] {
  return users
    .filter((user) => user.active && user.role !== 'customer')
    .filter((user) => leads(user) || inbox === undefined || inbox.memberIds.includes(user.id))
    .sort((a, b) => a.name.localeCompare(b.name));
}
