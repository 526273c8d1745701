import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, LABELLED, type Stored } from './base.js';
import { ATTACHMENT_KINDS, ATTACHMENT_STATES } from '../shared/words.js';

const schema = new Schema(
  {
    /** Set when a message takes it. */
    message: { type: Schema.Types.ObjectId, default: null },
    conversation: { type: Schema.Types.ObjectId, default: null },
    /**
     * `user:<id>` or `identity:<id>`: who may attach it; null for what a platform delivered. What has an owner and no message
     * after a day is swept; files that a message no longer has get an owner for that.
     */
    owner: { type: String, default: null },
    kind: {
      type: String,
      enum: ATTACHMENT_KINDS,
      required: true,
    },
    name: { type: String, required: true },
    mimeType: { type: String, default: null },
    size: { type: Number, default: null },
    state: { type: String, enum: ATTACHMENT_STATES, required: true },
    blobKey: { type: String, default: null },
    /** Where the platform offers it; expires, therefore copied. */
    sourceUrl: { type: String, default: null },
    link: { type: String, default: null },
    details: { type: [LABELLED], default: () => [] },
    /** Uploads to a platform that may be used again until they expire. */
    remotes: {
      type: [
        new Schema(
          {
            inbox: { type: Schema.Types.ObjectId, required: true },
            remoteId: { type: String, required: true },
            expiresAt: { type: Date, required: true },
          },
          { _id: false },
        ),
      ],
      default: () => [],
    },
    tries: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'attachments' },
);

/** Also finds what the sweep deletes, and not the pictures of contacts, which have no message either (`sweepUploads`). */
schema.index({ message: 1, owner: 1, createdAt: 1 });

export type Attachment = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const AttachmentModel = model('Attachment', schema);
