import type { Conversation } from '../../models/index.js';
import { moverOf, type Actor } from '../../policies/index.js';
import type { ConversationStatus } from '../../shared/conversation-status.js';
import { act, type Act } from '../act.js';
import type { Hub } from '../../hub.js';
import { nameOf } from '../people/name-of.js';
import { conversationFor } from './load-conversation.js';
import { move } from './move.js';

export interface ChangeStatusProps {
  conversationId: string;
  status: ConversationStatus;
}

/**
 * Moves a conversation to another status, along the one table of legal moves. The status that it has already is no move.
 * @throws AppError 404; AccessDenied; 409 INVALID_TRANSITION.
 */
export async function setStatus(unit: Act, { conversationId, status }: ChangeStatusProps): Promise<Conversation> {
  const before = await conversationFor(unit, conversationId, 'conversation.changeStatus');
  if (before.status === status) return before;
  const data = { by: nameOf(unit.actor), from: before.status, to: status };
  return move(unit, before, { status }, moverOf(unit.actor), { type: 'status', data });
}

/** See `setStatus`. */
export const changeStatus = (hub: Hub, actor: Actor, props: ChangeStatusProps): Promise<Conversation> =>
  act(hub, actor, (unit) => setStatus(unit, props));
