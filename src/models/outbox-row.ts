import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, WHERE_STRING } from './base.js';

const schema = new Schema(
  {
    /** `<event>:<consumer>` */
    _id: { type: String, required: true },
    event: { type: String, required: true },
    consumer: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, default: null },
    /** The conversation's rev that the event made, if it made one. */
    rev: { type: Number, default: null },
    /** Where the consumer works conversation by conversation: the lane of this one's. */
    lane: { type: String },
    data: { type: Schema.Types.Mixed, required: true },
    /** Absent once parked. */
    dueAt: { type: Date },
    lease: { type: String, default: null },
    tries: { type: Number, default: 0, required: true },
    error: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'outbox' },
);

schema.index({ consumer: 1, dueAt: 1 });
schema.index({ lease: 1 });
schema.index({ lane: 1, rev: 1, _id: 1 }, { partialFilterExpression: { lane: WHERE_STRING } });

/** What one consumer still owes one domain event (PROTOCOLS 2). */
export type OutboxRow = InferRawDocTypeFromSchema<typeof schema>;
export const OutboxRowModel = model('OutboxRow', schema);
