import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';

/** How long a key answers for its first request. Seconds. */
const KEPT_FOR = 24 * 60 * 60;

const schema = new Schema(
  {
    /** `<who calls>:<their key>` */
    _id: { type: String, required: true },
    /** Stands for the request that the key was first used for; only this installation can compute it. */
    fingerprint: { type: String, required: true },
    /** Whoever works on it, and until when nobody else does. */
    owner: { type: String, required: true },
    claimedUntil: { type: Date, required: true },
    /** What was answered, sealed because it may hold what is shown only once; null while it is worked on. */
    answer: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'idempotency_keys' },
);

schema.index({ createdAt: 1 }, { expireAfterSeconds: KEPT_FOR });

/** A write over HTTP that a client may repeat without its being done twice. */
export type IdempotencyKey = InferRawDocTypeFromSchema<typeof schema>;
export const IdempotencyKeyModel = model('IdempotencyKey', schema);
