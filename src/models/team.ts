import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    name: { type: String, required: true },
    members: { type: [Schema.Types.ObjectId], default: () => [] },
    /** Inboxes whose conversations it may be given. */
    inboxes: { type: [Schema.Types.ObjectId], default: () => [] },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'teams' },
);

schema.index({ name: 1 }, { unique: true });
schema.index({ members: 1 });

/** Agents who share a queue. */
export type Team = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const TeamModel = model('Team', schema);
