import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, WHERE_STRING, type Stored } from './base.js';

const schema = new Schema(
  {
    channel: { type: String, required: true },
    accountId: { type: String, required: true },
    contactId: { type: String, default: null },
    dedupeKey: { type: String, required: true },
    lane: { type: String, required: true },
    /** JSON text: what a platform sends may hold keys that BSON refuses or reorders. */
    payload: { type: String, required: true },
    occurredAt: { type: Date, default: null },
    sentAt: { type: Date, default: null },
    receivedAt: { type: Date, required: true },
    /** `pending` and `waiting` are owed and have `dueAt`; `parked` waits for a person; the rest is finished. */
    state: {
      type: String,
      enum: ['pending', 'waiting', 'done', 'ignored', 'parked', 'unroutable'] as const,
      required: true,
    },
    dueAt: { type: Date },
    /** Platform id of the message that a waiting event is about. */
    waitsFor: { type: String },
    tries: { type: Number, default: 0 },
    error: { type: String, default: null },
    finishedAt: { type: Date, default: null },
  },
  { ...BASE_OPTIONS, collection: 'webhook_events' },
);

/** Kept at least 7 days: platforms deliver again for 36 hours (PROTOCOLS 5). Seconds. */
const KEPT_FOR = 8 * 24 * 3600;

schema.index({ channel: 1, accountId: 1, dedupeKey: 1 }, { unique: true });
schema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
schema.index({ lane: 1, dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } }, name: 'owed_by_lane' });
schema.index({ channel: 1, accountId: 1, waitsFor: 1 }, { partialFilterExpression: { waitsFor: WHERE_STRING } });
schema.index({ state: 1, _id: -1 });
schema.index({ channel: 1, accountId: 1, state: 1 }, { partialFilterExpression: { state: 'unroutable' } });
schema.index({ finishedAt: 1 }, { expireAfterSeconds: KEPT_FOR });

export type WebhookEvent = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const WebhookEventModel = model('WebhookEvent', schema);
