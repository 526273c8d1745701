import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';

const schema = new Schema(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    leaseUntil: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'lanes' },
);

schema.index({ leaseUntil: 1 });

/** Who works on what just now (PROTOCOLS 6). */
export type LaneRow = InferRawDocTypeFromSchema<typeof schema>;
export const LaneModel = model('Lane', schema);
