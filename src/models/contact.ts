import { model, Schema, type InferSchemaType } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    /** Null until somebody or a platform told it; pages show a friendly stand-in. */
    name: { type: String, default: null },
    email: { type: String, default: null },
    phone: { type: String, default: null },
    avatarUrl: { type: String, default: null },
    locale: { type: String, default: null },
    blocked: { type: Boolean, default: false, required: true },
    attributes: { type: Map, of: String, default: () => new Map() },
    lastSeenAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'contacts' },
);

export type Contact = Stored<InferSchemaType<typeof schema>>;
export const ContactModel = model('Contact', schema);
