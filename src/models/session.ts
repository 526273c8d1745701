import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    /** SHA-256 of the one refresh token that is valid now. */
    tokenHash: { type: String, required: true },
    /** Hashes used up; seeing one again revokes the session (SPEC 3.1). Newest last, bounded. */
    usedHashes: { type: [String], default: () => [] },
    /** When the token now valid took the place of the last one; null: it is the first. */
    rotatedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
    userAgent: { type: String, default: null },
    /** Stands for the address it was begun from; null: not known. */
    addressHash: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'sessions' },
);

schema.index({ tokenHash: 1 }, { unique: true });
schema.index({ usedHashes: 1 });
schema.index({ user: 1, addressHash: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** One log-in on one device: the family of its refresh tokens. */
export type Session = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const SessionModel = model('Session', schema);
