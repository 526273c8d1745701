import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    readRev: { type: Number, default: 0, required: true },
    readCount: { type: Number, default: 0, required: true },
  },
  { ...BASE_OPTIONS, collection: 'read_states' },
);

schema.index({ user: 1, conversation: 1 }, { unique: true });

/** How far a user has read a conversation (PROTOCOLS 3). */
export type ReadState = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const ReadStateModel = model('ReadState', schema);
