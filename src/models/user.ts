import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';
import { AVAILABILITIES, ROLES } from '../shared/words.js';

const schema = new Schema(
  {
    name: { type: String, required: true },
    /** Lower case. */
    email: { type: String, required: true },
    passwordHash: { type: String, required: true },
    role: { type: String, enum: ROLES, required: true },
    availability: {
      type: String,
      enum: AVAILABILITIES,
      default: 'available',
      required: true,
    },
    active: { type: Boolean, default: true, required: true },
    /** Moves when role, team or inbox membership change; clients then reload everything (PROTOCOLS 4). */
    scopeRev: { type: Number, default: 0, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'users' },
);

schema.index({ email: 1 }, { unique: true });

export type User = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const UserModel = model('User', schema);
