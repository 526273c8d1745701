import { conflict, validationError } from '../../errors.js';
import { InboxModel, UserModel, type Conversation } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import { moverOf, type Actor } from '../../policies/index.js';
import { statusAfterAssignment } from '../../shared/conversation-status.js';
import { mayHold } from '../../shared/holder.js';
import { act, type Act } from '../act.js';
import type { Hub } from '../../hub.js';
import { nameOf } from '../people/name-of.js';
import { conversationOf } from './load-conversation.js';
import { move } from './move.js';

export interface AssignProps {
  conversationId: string;
  /** Null: nobody holds it any more. */
  assigneeId: string | null;
}

/**
 * Gives a conversation to an agent, or takes it from its holder; taking an unassigned one oneself is a claim.
 * @throws AppError 404; AccessDenied; 400 for somebody who cannot take it; 409 for a closed conversation.
 */
export async function assign(unit: Act, { conversationId, assigneeId }: AssignProps): Promise<Conversation> {
  const { actor } = unit;
  const before = await conversationOf(unit, conversationId);
  const claims = actor.type === 'staff' && assigneeId === actor.userId && !before.assignee;
  authorize(actor, claims ? 'conversation.claim' : 'conversation.assign', before);
  if (before.status === 'closed') throw conflict('This conversation is closed.');
  if (String(before.assignee ?? '') === (assigneeId ?? '')) return before;

  const assignee = assigneeId === null ? null : await findAssignee(unit, before, assigneeId);
  const change = {
    assignee: assignee?._id ?? null,
    status: statusAfterAssignment(before.status, assignee !== null),
  };
  const type = assignee === null ? 'unassigned' : 'assigned';
  const data = { by: nameOf(actor), to: assignee?.name ?? null };
  return move(unit, before, change, moverOf(actor), { type, data });
}

/** See `assign`. */
export const assignConversation = (hub: Hub, actor: Actor, props: AssignProps): Promise<Conversation> =>
  act(hub, actor, (unit) => assign(unit, props));

async function findAssignee({ session }: Act, { inbox }: Conversation, id: string) {
  const user = await UserModel.findById(id, 'name role active', { session }).lean();
  const members = (await InboxModel.findById(inbox, 'members', { session }).lean())?.members ?? [];
  if (user === null || !mayHold({ id: String(user._id), role: user.role, active: user.active }, members.map(String))) {
    const message = 'Only active members of this inbox and admins can take its conversations.';
    throw validationError([{ field: 'assigneeId', message }]);
  }
  return user;
}
