import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';
import { AVAILABILITIES } from '../shared/words.js';

const schema = new Schema(
  {
    /** The user. */
    _id: { type: Schema.Types.ObjectId, required: true },
    availability: {
      type: String,
      enum: AVAILABILITIES,
      default: 'available',
      required: true,
    },
    /** Points of the conversations they hold that count as work; exact, written with each change of holder or status. */
    load: { type: Number, default: 0, required: true },
  },
  { ...BASE_OPTIONS, collection: 'agent_work' },
);

/**
 * What claims decide by, one small document an agent (PROTOCOLS 9). Only `move` and availability write it: with an agent's activity
 * or profile in it, it would be a hot document that redoes whole batches.
 */
export type AgentWork = InferRawDocTypeFromSchema<typeof schema>;
export const AgentWorkModel = model('AgentWork', schema);
