import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';

const schema = new Schema(
  {
    /** `<kind>:<subject>` */
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    /** Id of what it is about. */
    subject: { type: String, required: true },
    /** Absent once parked. */
    dueAt: { type: Date },
    /** The `dueAt` that a hint was given for; a timer that was moved may be hinted again. */
    hintedFor: { type: Date, default: null },
    tries: { type: Number, default: 0, required: true },
    error: { type: String, default: null },
  },
  { ...BASE_OPTIONS, collection: 'timers' },
);

schema.index({ dueAt: 1 });

/** "Look again at this then" (PROTOCOLS 13). */
export type TimerRow = InferRawDocTypeFromSchema<typeof schema>;
export const TimerModel = model('Timer', schema);
