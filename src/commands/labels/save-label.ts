import { AppError, conflict, notFound } from '../../errors.js';
import { labelKey, LabelModel, type Label } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor } from '../../policies/index.js';
import { LABEL_LIMITS, type LabelColour } from '../../shared/labels.js';
import type { LabelChanges } from '../../shared/schemas/label.js';
import { act, type Act } from '../act.js';
import type { Hub } from '../../hub.js';

export interface LabelProps {
  /** Clean, of one line. */
  title: string;
  colour: LabelColour;
  description: string;
}

/** Adds a label. @throws AppError 409 for a known title or one label too many, 503; AccessDenied. */
export const createLabel = (hub: Hub, actor: Actor, props: LabelProps): Promise<Label> =>
  act(hub, actor, async (unit) => {
    authorize(actor, 'label.manage');
    const { session, now } = unit;
    const key = await freeKey(unit, props.title, null);
    if ((await LabelModel.countDocuments({}, { session })) >= LABEL_LIMITS.ofCompany)
      throw conflict(`There are ${LABEL_LIMITS.ofCompany} labels already. Delete one that is no longer needed first.`);
    const [created] = await LabelModel.create([{ ...props, key, createdAt: now }], { session, ordered: true });
    if (created === undefined) throw new Error('the store answered an insert without its document');
    const label = created.toObject<Label>();
    await told(unit, 'label.created', label, { ...props });
    unit.record({ type: 'label.created', conversation: null, rev: null, data: { label: String(label._id) } });
    return label;
  });

/** Renames, recolours or describes a label anew. @throws AppError 404, 409 for the title of another, 503; AccessDenied. */
export const changeLabel = (hub: Hub, actor: Actor, labelId: string, changes: LabelChanges): Promise<Label> =>
  act(hub, actor, async (unit) => {
    authorize(actor, 'label.manage');
    const before = await LabelModel.findById(labelId, null, { session: unit.session }).lean();
    if (before === null) throw notFound('This label');
    const fields = (Object.keys(changes) as (keyof LabelChanges)[]).filter((field) => changes[field] !== before[field]);
    if (fields.length === 0) return before;
    const renamed = changes.title === undefined ? {} : { key: await freeKey(unit, changes.title, labelId) };
    const after: Label = { ...before, ...changes, ...renamed };
    await LabelModel.updateOne({ _id: before._id }, { $set: { ...changes, ...renamed } }, { session: unit.session });
    await told(unit, 'label.changed', before, { from: pick(before, fields), to: pick(after, fields) });
    unit.record({ type: 'label.changed', conversation: null, rev: null, data: { label: labelId, fields } });
    return after;
  });

/** The key of a title that no other label has. */
async function freeKey({ session }: Act, title: string, labelId: string | null): Promise<string> {
  const key = labelKey(title);
  const holder = await LabelModel.findOne({ key }, '_id', { session }).lean();
  if (holder === null || String(holder._id) === labelId) return key;
  throw new AppError(409, 'CONFLICT', 'There is a label with this title already.', {
    details: [{ field: 'title', message: 'is the title of another label' }],
  });
}

async function told(unit: Act, type: 'label.created' | 'label.changed', { _id }: Label, data: Record<string, unknown>) {
  await unit.audit(type, `label:${String(_id)}`, data);
  unit.tell({ type: 'list', name: 'labels' });
}

const pick = (label: Label, fields: (keyof LabelChanges)[]) =>
  Object.fromEntries(fields.map((field) => [field, label[field]]));
