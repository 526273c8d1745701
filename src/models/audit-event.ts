import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    /** `noun.pastTense`: `login.failed`, `access.denied`, `user.deactivated` … */
    type: { type: String, required: true },
    /** `user:<id>`, `identity:<id>`, `system`, or null for a stranger. */
    actor: { type: String, default: null },
    /** What it was about, `<noun>:<id>`. */
    subject: { type: String, default: null },
    data: { type: Schema.Types.Mixed, default: () => ({}) },
    at: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'audit_events' },
);

schema.index({ at: -1, _id: -1 });

/** A security-relevant act (SPEC 16). */
export type AuditEvent = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const AuditEventModel = model('AuditEvent', schema);
