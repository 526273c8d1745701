import { notFound } from '../../errors.js';
import { ConversationModel, type Conversation } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Ability, Actor, ConversationSubject, SubjectsOf } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Act } from '../act.js';

/** Abilities whose rule looks at a conversation. */
export type ConversationAbility = {
  [A in Ability]: SubjectsOf<A> extends [subject: ConversationSubject] ? A : never;
}[Ability];

/** A conversation as it is in an act. @throws AppError 404. */
export async function conversationOf(act: Act, id: string): Promise<Conversation> {
  const conversation = await ConversationModel.findById(id, null, { session: act.session }).lean();
  if (conversation === null) throw notFound('This conversation');
  return conversation;
}

/** A conversation with which the act's actor may do this. @throws AppError 404, AccessDenied. */
export async function conversationFor(act: Act, id: string, ability: ConversationAbility): Promise<Conversation> {
  const conversation = await conversationOf(act, id);
  authorize(act.actor, ability, conversation);
  return conversation;
}

/** A conversation that somebody may read, outside an act. @throws AppError 404, 503, AccessDenied. */
export async function readConversation(
  actor: Actor,
  id: string,
  ability: ConversationAbility = 'conversation.view',
): Promise<Conversation> {
  const conversation = await onStore(ConversationModel.findById(id).lean().exec());
  if (conversation === null) throw notFound('This conversation');
  authorize(actor, ability, conversation);
  return conversation;
}
