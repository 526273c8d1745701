import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';
import { INBOX_STATES } from '../shared/words.js';

const schema = new Schema(
  {
    channel: { type: String, required: true },
    name: { type: String, required: true },
    /** The platform's id of the account; for our own channel the widget's public key. */
    accountId: { type: String, required: true },
    state: {
      type: String,
      enum: INBOX_STATES,
      default: 'connected',
      required: true,
    },
    /** The channel's config, sealed (see utils/seal). */
    credentials: { type: String, default: null },
    /** What pages may show and staff may change; nothing secret. */
    settings: { type: Schema.Types.Mixed, default: () => ({}) },
    allowedOrigins: { type: [String], default: () => [] },
    members: { type: [Schema.Types.ObjectId], default: () => [] },
    /** Sends wait until then; `until` null: until somebody lifts it (PROTOCOLS 8). */
    sendHold: {
      type: new Schema(
        { reason: { type: String, required: true }, until: { type: Date, default: null } },
        { _id: false },
      ),
      default: null,
    },
    /** Last word of the platform about the account, by kind. */
    notices: { type: Schema.Types.Mixed, default: () => ({}) },
    lastEventInAt: { type: Date, default: null },
    lastEventOutAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'inboxes' },
);

schema.index({ channel: 1, accountId: 1 }, { unique: true });
schema.index({ members: 1 });

export type Inbox = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const InboxModel = model('Inbox', schema);
