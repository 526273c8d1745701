import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { CONVERSATION_STATUSES } from '../shared/conversation-status.js';
import { BASE_OPTIONS } from './base.js';

const bucket = {
  inbox: { type: Schema.Types.ObjectId, required: true },
  team: { type: Schema.Types.ObjectId, default: null },
  holder: { type: Schema.Types.ObjectId, default: null },
  status: { type: String, enum: CONVERSATION_STATUSES, required: true },
} as const;

const schema = new Schema(
  {
    /** `<inbox>:<team>:<holder>:<status>` */
    _id: { type: String, required: true },
    ...bucket,
    count: { type: Number, default: 0, required: true },
  },
  { ...BASE_OPTIONS, collection: 'tallies' },
);

schema.index({ holder: 1, inbox: 1, team: 1 });

/** How many conversations stand in one bucket. Folded by one drainer; no command writes it (PROTOCOLS 15). */
export type Tally = InferRawDocTypeFromSchema<typeof schema>;
export const TallyModel = model('Tally', schema);

const tallied = new Schema(
  {
    /** The conversation. */
    _id: { type: Schema.Types.ObjectId, required: true },
    /** The bucket it is counted in. */
    bucket: { type: String, required: true },
  },
  { ...BASE_OPTIONS, collection: 'tallied' },
);

/** Where a conversation is counted at present, so that a nudge done twice changes nothing. */
export type Tallied = InferRawDocTypeFromSchema<typeof tallied>;
export const TalliedModel = model('Tallied', tallied);
