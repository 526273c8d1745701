import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { LABEL_COLOURS } from '../shared/labels.js';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    title: { type: String, required: true },
    /** The title as `labelKey` folds it. */
    key: { type: String, required: true },
    colour: { type: String, enum: LABEL_COLOURS, required: true },
    description: { type: String, default: '' },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'labels' },
);

schema.index({ key: 1 }, { unique: true });

/** What the company sorts conversations by; they hold its id. */
export type Label = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const LabelModel = model('Label', schema);

/** Equal for titles that differ in case or form only. */
export const labelKey = (title: string): string => title.normalize('NFKC').toLowerCase();
