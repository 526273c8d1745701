import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, LABELLED, WHERE_STRING, type Stored } from './base.js';
import { MESSAGE_KINDS, PART_STATES, SENDER_TYPES } from '../shared/words.js';

const part = new Schema(
  {
    n: { type: Number, required: true },
    kind: { type: String, enum: ['text', 'attachment'] as const, required: true },
    text: { type: String, default: null },
    attachment: { type: Schema.Types.ObjectId, default: null },
    state: { type: String, enum: PART_STATES, required: true },
    attemptId: { type: String, default: null },
    /** Ids of the attempts before it, newest last: an echo may name one of them. */
    earlierAttempts: { type: [String], default: undefined },
    /** How often a call failed in a way that may be tried again. */
    tries: { type: Number, default: 0 },
    /** How often the platform put it off because of a limit; these use up no tries. */
    throttles: { type: Number },
    /** Calls begun for it; a person's "send again" starts over. */
    attempts: { type: Number, default: 0 },
    /** How often an unknown outcome was looked up since "not there" counts. */
    lookups: { type: Number, default: 0 },
    startedAt: { type: Date, default: null },
    policy: { type: String, enum: ['response', 'human_agent', null] as const, default: null },
    externalId: { type: String, default: null },
    acceptedAt: { type: Date, default: null },
    error: {
      type: new Schema(
        {
          fault: { type: String, required: true },
          /** Names the sentence for clients that translate it; absent: the fault does. */
          code: { type: String },
          message: { type: String, required: true },
        },
        { _id: false },
      ),
      default: null,
    },
  },
  { _id: false },
);

const reaction = new Schema(
  {
    by: { type: String, enum: ['contact', 'agent'] as const, required: true },
    emoji: { type: String, required: true },
    at: { type: Date, required: true },
    /** Kept as a tombstone, so that an older `react` cannot come back. */
    removed: { type: Boolean, required: true },
  },
  { _id: false },
);

const schema = new Schema(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    inbox: { type: Schema.Types.ObjectId, required: true },
    channel: { type: String, required: true },
    identity: { type: Schema.Types.ObjectId, required: true },
    /** The conversation's rev at birth and at the last change (PROTOCOLS 3). */
    seq: { type: Number, required: true },
    rev: { type: Number, required: true },
    orderAt: { type: Date, required: true },
    tieKey: { type: String, required: true },
    kind: { type: String, enum: MESSAGE_KINDS, required: true },
    senderType: { type: String, enum: SENDER_TYPES, required: true },
    sender: { type: Schema.Types.ObjectId, default: null },
    /** Shown when there is no user or contact to name (a Page's own inbox). */
    senderName: { type: String, default: null },
    senderKey: { type: String, required: true },
    clientMessageId: { type: String },
    text: { type: String, default: null },
    /** Payload of a tapped button or quick reply. */
    payload: { type: String, default: null },
    attachments: { type: [Schema.Types.ObjectId], default: () => [] },
    /** How many attachments came with it besides the ones that are kept; absent when there were none. */
    moreAttachments: { type: Number },
    quickReplies: {
      type: [
        new Schema(
          { title: { type: String, required: true }, payload: { type: String, required: true } },
          { _id: false },
        ),
      ],
      default: () => [],
    },
    replyTo: {
      type: new Schema(
        { message: { type: Schema.Types.ObjectId, default: null }, externalId: { type: String, default: null } },
        { _id: false },
      ),
      default: null,
    },
    context: { type: [LABELLED], default: () => [] },
    reactions: { type: [reaction], default: () => [] },
    editNumber: { type: Number, default: 0, required: true },
    unsentAt: { type: Date, default: null },
    /** It was the platform's copy of another message of ours and shows no more. */
    absorbed: { type: Boolean, default: false },
    standby: { type: Boolean, default: false },
    /** The platform's copy of what some app sent, ours perhaps: a send of unknown outcome may turn out to be it. */
    maybeOurs: { type: Boolean },
    activity: {
      type: new Schema(
        { type: { type: String, required: true }, data: { type: Schema.Types.Mixed, default: () => ({}) } },
        { _id: false },
      ),
      default: null,
    },
    /** Every platform id of the message; absent when there is none, so that the unique index leaves it out. */
    externalIds: { type: [String], default: undefined },
    parts: { type: [part], default: () => [] },
    sentTwice: { type: Boolean, default: false },
    /** Present while the message owes a send (PROTOCOLS 7). */
    nextAttemptAt: { type: Date },
    /** The conversation's contactMessageCount at birth. */
    contactCount: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'messages' },
);

schema.index({ conversation: 1, rev: 1 });
schema.index({ conversation: 1, orderAt: -1, tieKey: -1 });
schema.index({ conversation: 1, seq: 1 });
schema.index(
  { senderKey: 1, clientMessageId: 1 },
  { unique: true, partialFilterExpression: { clientMessageId: WHERE_STRING } },
);
schema.index({ inbox: 1, externalIds: 1 }, { unique: true, partialFilterExpression: { externalIds: WHERE_STRING } });
schema.index({ nextAttemptAt: 1 }, { partialFilterExpression: { nextAttemptAt: { $exists: true } } });
schema.index(
  { conversation: 1, seq: 1, nextAttemptAt: 1 },
  { partialFilterExpression: { nextAttemptAt: { $exists: true } }, name: 'owed_by_conversation' },
);

export type Message = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export type MessagePart = Message['parts'][number];
export const MessageModel = model('Message', schema);

/** What a new message holds unless it says otherwise: the schema's defaults, for an insert that goes past the documents of Mongoose. */
export const newMessage = () =>
  ({
    sender: null,
    senderName: null,
    text: null,
    payload: null,
    attachments: [],
    quickReplies: [],
    replyTo: null,
    context: [],
    reactions: [],
    editNumber: 0,
    unsentAt: null,
    absorbed: false,
    standby: false,
    activity: null,
    parts: [],
    sentTwice: false,
  }) satisfies Partial<Message>;
