import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, WHERE_STRING, type Stored } from './base.js';

const schema = new Schema(
  {
    /** `noun.pastTense`: `login.failed`, `access.denied`, `user.deactivated` … */
    type: { type: String, required: true },
    /** `user:<id>`, `identity:<id>`, `system`, or null for a stranger. */
    actor: { type: String, default: null },
    /** What it was about, `<noun>:<id>`. */
    subject: { type: String, default: null },
    data: { type: Schema.Types.Mixed, default: () => ({}) },
    /** When it happened; of several that are counted in one row, the first. */
    at: { type: Date, required: true },
    count: { type: Number, default: 1 },
    /** When the last of several happened. */
    lastAt: { type: Date },
    /** Equal for those that are counted in one row. */
    foldKey: { type: String },
  },
  { ...BASE_OPTIONS, collection: 'audit_events' },
);

schema.index({ at: -1, _id: -1 });
schema.index({ foldKey: 1 }, { unique: true, partialFilterExpression: { foldKey: WHERE_STRING } });

/** A security-relevant act (SPEC 16). */
export type AuditEvent = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const AuditEventModel = model('AuditEvent', schema);
