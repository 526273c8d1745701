import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, LABELLED, type Stored } from './base.js';
import { TOLD_BY } from '../shared/words.js';

/** Who told a detail; null: nobody knows, which counts as the contact themself. */
const WHO_TOLD = { type: String, enum: TOLD_BY, default: null };

const page = new Schema(
  {
    url: { type: String, required: true },
    title: { type: String, default: null },
    referrer: { type: String, default: null },
    at: { type: Date, required: true },
  },
  { _id: false },
);

const schema = new Schema(
  {
    /** Null until somebody or a platform told it; pages show a friendly stand-in. */
    name: { type: String, default: null },
    nameBy: WHO_TOLD,
    email: { type: String, default: null },
    emailBy: WHO_TOLD,
    phone: { type: String, default: null },
    phoneBy: WHO_TOLD,
    /** Their picture, an attachment without a message. */
    avatar: { type: Schema.Types.ObjectId, default: null },
    locale: { type: String, default: null },
    blocked: { type: Boolean, default: false, required: true },
    attributes: { type: [LABELLED], default: () => [] },
    /** The last page of a website on which their browser reported itself. */
    page: { type: page, default: null },
    lastSeenAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'contacts' },
);

export type Contact = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const ContactModel = model('Contact', schema);
