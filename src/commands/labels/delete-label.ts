import { notFound } from '../../errors.js';
import { ConversationModel, LabelModel, type Conversation } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor } from '../../policies/index.js';
import { COMMAND_DEADLINE } from '../../storage/in-transaction.js';
import { act, type Act } from '../act.js';
import { setTimer } from '../timers.js';
import type { Hub } from '../../hub.js';

/** The timer that takes a deleted label off conversations. */
export const LABEL_TIMER = 'label';
/** This act and one that has seen the label just before its end have ended by then. Milliseconds. */
const TAKEN_OFF_AFTER = 2 * COMMAND_DEADLINE + 1_000;
/** Conversations of one act: each of them may be changed by somebody else at that moment. */
const BATCH = 20;

/**
 * Deletes a label. Conversations that carry it show nothing of it from then on, and lose it one batch after the other.
 * @throws AppError 404, 503; AccessDenied.
 */
export const deleteLabel = (hub: Hub, actor: Actor, labelId: string): Promise<void> =>
  act(hub, actor, async (unit) => {
    authorize(actor, 'label.manage');
    const label = await LabelModel.findByIdAndDelete(labelId, { session: unit.session }).lean();
    if (label === null) throw notFound('This label');
    const { title, colour, description } = label;
    await unit.audit('label.deleted', `label:${labelId}`, { title, colour, description });
    unit.record({ type: 'label.deleted', conversation: null, rev: null, data: { label: labelId } });
    await setTimer(unit, LABEL_TIMER, labelId, new Date(unit.now.getTime() + TAKEN_OFF_AFTER));
    unit.tell({ type: 'list', name: 'labels' });
  });

/** Takes a deleted label off some of the conversations that carry it, and looks again where there may be more. */
export async function takeLabelOff(unit: Act, labelId: string): Promise<void> {
  const { session } = unit;
  const carrying = await ConversationModel.find({ labels: labelId }, '_id', { session }).limit(BATCH).lean();
  const ids = { _id: { $in: carrying.map(({ _id }) => _id) } };
  await ConversationModel.updateMany(ids, { $pull: { labels: labelId }, $inc: { version: 1 } }, { session });
  for (const conversation of await ConversationModel.find(ids, null, { session }).lean<Conversation[]>())
    unit.show(conversation);
  if (carrying.length === BATCH) await setTimer(unit, LABEL_TIMER, labelId, unit.now);
}
