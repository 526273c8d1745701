import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    type: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, default: null },
    rev: { type: Number, default: null },
    /** What the event's type says of it: ids and values, no texts. */
    data: { type: Schema.Types.Mixed, required: true },
    /** Who did it, as `actorKey` names them. */
    actor: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'events' },
);

/** 13 months, so that a report can be held against the same month of the year before. Seconds. */
const KEPT_FOR = 400 * 24 * 3600;

schema.index({ at: 1 }, { expireAfterSeconds: KEPT_FOR });
schema.index({ conversation: 1, _id: 1 });

/** A domain event as it is kept for reports, rehearsals and histories (PROTOCOLS 2). */
export type StoredEvent = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const StoredEventModel = model('StoredEvent', schema);
