import { validationError } from '../../errors.js';
import { ConversationModel, LabelModel, type Conversation } from '../../models/index.js';
import type { Actor } from '../../policies/index.js';
import { LABEL_LIMITS } from '../../shared/labels.js';
import { act, type Act } from '../act.js';
import { conversationFor } from '../conversations/load-conversation.js';
import { addActivity } from '../messages/add-message.js';
import { nameOf } from '../people/name-of.js';
import type { Hub } from '../../hub.js';

export interface LabelConversationProps {
  conversationId: string;
  /** Ids of labels; one that stands in both stays on. */
  add: readonly string[];
  remove: readonly string[];
}

/**
 * Puts labels on a conversation and takes others off. What is so already is no change, so that repeating it does nothing.
 * @throws AppError 404; AccessDenied; 400 for labels that there are not, or too many of them.
 */
export async function setLabels(
  unit: Act,
  { conversationId, add, remove }: LabelConversationProps,
): Promise<Conversation> {
  const before = await conversationFor(unit, conversationId, 'conversation.label');
  // Conversations from before there were labels have no such field.
  const from = (before.labels ?? []).map(String);
  const to = [...new Set([...from.filter((id) => !remove.includes(id)), ...add])];
  const added = to.filter((id) => !from.includes(id));
  const removed = from.filter((id) => !to.includes(id));
  if (added.length + removed.length === 0) return before;
  if (added.length > 0 && to.length > LABEL_LIMITS.ofConversation)
    throw validationError([{ field: 'add', message: `makes more than ${LABEL_LIMITS.ofConversation} labels` }]);
  const titles = await titlesOf(unit, [...added, ...removed]);
  if (!added.every((id) => titles.has(id))) throw validationError([{ field: 'add', message: 'names no label' }]);

  const labelled = await ConversationModel.findOneAndUpdate(
    { _id: before._id },
    { $set: { labels: to }, $inc: { rev: 1, version: 1 } },
    { session: unit.session, returnDocument: 'after' },
  ).lean();
  if (labelled === null) throw new Error(`conversation ${conversationId} has gone`);
  unit.record({
    type: 'conversation.labelsChanged',
    conversation: conversationId,
    rev: labelled.rev,
    data: { from, to },
  });
  unit.show(labelled);
  const lines = (ids: string[]) => ids.flatMap((id) => titles.get(id) ?? []).join('\n');
  const data = { by: nameOf(unit.actor), added: lines(added), removed: lines(removed) };
  // A label that was deleted meanwhile has no title any more.
  if (data.added === '' && data.removed === '') return labelled;
  const type = data.removed === '' ? 'labels.added' : data.added === '' ? 'labels.removed' : 'labels.changed';
  return (await addActivity(unit, labelled, { type, data })).conversation;
}

/** See `setLabels`. */
export const labelConversation = (hub: Hub, actor: Actor, props: LabelConversationProps): Promise<Conversation> =>
  act(hub, actor, (unit) => setLabels(unit, props));

async function titlesOf({ session }: Act, ids: string[]): Promise<Map<string, string>> {
  const found = await LabelModel.find({ _id: { $in: ids } }, 'title', { session }).lean();
  return new Map(found.map(({ _id, title }) => [String(_id), title]));
}
