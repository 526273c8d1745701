import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, LABELLED, type Stored } from './base.js';

const schema = new Schema(
  {
    /** Null until somebody or a platform told it; pages show a friendly stand-in. */
    name: { type: String, default: null },
    email: { type: String, default: null },
    phone: { type: String, default: null },
    /** Their picture, an attachment without a message. */
    avatar: { type: Schema.Types.ObjectId, default: null },
    locale: { type: String, default: null },
    blocked: { type: Boolean, default: false, required: true },
    attributes: { type: [LABELLED], default: () => [] },
    lastSeenAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'contacts' },
);

export type Contact = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const ContactModel = model('Contact', schema);
