import { model, Schema, Types, type InferRawDocTypeFromSchema } from 'mongoose';
import { CONVERSATION_STATUSES } from '../shared/conversation-status.js';
import { BASE_OPTIONS, type Stored } from './base.js';
import { PRIORITIES, SENDER_TYPES } from '../shared/words.js';

const lastMessage = new Schema(
  {
    message: { type: Schema.Types.ObjectId, required: true },
    preview: { type: String, default: '' },
    /** It is a note: nobody but the team has seen it. */
    note: { type: Boolean, default: false },
    senderType: { type: String, enum: SENDER_TYPES, required: true },
    at: { type: Date, required: true },
  },
  { _id: false },
);

const schema = new Schema(
  {
    /** The `<n>` of TKT-<n>. */
    number: { type: Number, required: true },
    inbox: { type: Schema.Types.ObjectId, required: true },
    channel: { type: String, required: true },
    contact: { type: Schema.Types.ObjectId, required: true },
    identity: { type: Schema.Types.ObjectId, required: true },
    /** The live thread of its identity; at most one. */
    current: { type: Boolean, required: true },
    previous: { type: Schema.Types.ObjectId, default: null },
    status: { type: String, enum: CONVERSATION_STATUSES, default: 'open', required: true },
    /** Derived from status (`isActive`), for the views' index ranges. */
    active: { type: Boolean, default: true, required: true },
    priority: { type: String, enum: PRIORITIES, default: 'normal', required: true },
    subject: { type: String, default: null },
    /** Ids of labels; those of deleted ones go soon after. */
    labels: { type: [Schema.Types.ObjectId], default: () => [] },
    /** Whose queue it stands in; null: its inbox's. */
    team: { type: Schema.Types.ObjectId, default: null },
    /** Who holds it. */
    assignee: { type: Schema.Types.ObjectId, default: null },
    /** Whose load it counts as, and the points, whatever the settings say later (PROTOCOLS 9). */
    charged: {
      type: new Schema(
        { user: { type: Schema.Types.ObjectId, required: true }, weight: { type: Number, required: true } },
        { _id: false },
      ),
      default: null,
    },
    /** Who may speak and the number that moves when it changes (DESIGN 6). */
    speaker: { type: String, default: null },
    fence: { type: Number, default: 0, required: true },
    /** PROTOCOLS 3: last visible change; every write. */
    rev: { type: Number, default: 0, required: true },
    version: { type: Number, default: 0, required: true },
    lastOrderAt: { type: Date, default: null },
    lastOurOrderAt: { type: Date, default: null },
    /** The rev of a person's last answer, for STALE_DRAFT. */
    lastAgentRev: { type: Number, default: 0, required: true },
    lastAgent: { type: Schema.Types.ObjectId, default: null },
    lastMessage: { type: lastMessage, default: null },
    lastActivityAt: { type: Date, required: true },
    contactMessageCount: { type: Number, default: 0, required: true },
    deliveredUpTo: { type: Date, default: null },
    readUpTo: { type: Date, default: null },
    teamReadUpTo: { type: Date, default: null },
    threadOwner: { type: String, default: null },
    threadOwnerAt: { type: Date, default: null },
    closedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'conversations' },
);

schema.index({ number: 1 }, { unique: true });
schema.index({ identity: 1 }, { unique: true, partialFilterExpression: { current: true }, name: 'identity_current' });
schema.index({ identity: 1, _id: -1 });
schema.index({ assignee: 1, active: 1, lastActivityAt: -1, _id: -1 });
schema.index({ inbox: 1, active: 1, lastActivityAt: -1, _id: -1 });
schema.index({ inbox: 1, assignee: 1, active: 1, lastActivityAt: -1, _id: -1 });
/** An equality implies `$gt` the least id there is; most conversations have no team or label and pay nothing for these. */
const SOME = { $gt: new Types.ObjectId('000000000000000000000000') };
const WITH_TEAM = { team: SOME };
const WITH_LABELS = { labels: SOME };
schema.index({ team: 1, active: 1, lastActivityAt: -1, _id: -1 }, { partialFilterExpression: WITH_TEAM });
schema.index({ team: 1, assignee: 1, active: 1, lastActivityAt: -1, _id: -1 }, { partialFilterExpression: WITH_TEAM });
schema.index(
  { labels: 1, assignee: 1, active: 1, lastActivityAt: -1, _id: -1 },
  { partialFilterExpression: WITH_LABELS },
);
schema.index({ labels: 1, inbox: 1, active: 1, lastActivityAt: -1, _id: -1 }, { partialFilterExpression: WITH_LABELS });

export type Conversation = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const ConversationModel = model('Conversation', schema);
