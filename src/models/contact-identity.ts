import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS, type Stored } from './base.js';

const schema = new Schema(
  {
    inbox: { type: Schema.Types.ObjectId, required: true },
    externalId: { type: String, required: true },
    contact: { type: Schema.Types.ObjectId, required: true },
    /** Opens the reply window; written by every inbound transaction, which also makes them conflict (PROTOCOLS 1). */
    lastInboundAt: { type: Date, default: null },
    /** Moves with every inbound transaction, so that two of them never commit side by side. */
    touches: { type: Number, default: 0, required: true },
    /** Tokens of earlier epochs are worth nothing: raised when somebody else may hold one (identification, merge, log-out). */
    tokenEpoch: { type: Number, default: 0, required: true },
    profileFetchedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'contact_identities' },
);

schema.index({ inbox: 1, externalId: 1 }, { unique: true });
schema.index({ contact: 1 });

export type ContactIdentity = Stored<InferRawDocTypeFromSchema<typeof schema>>;
export const ContactIdentityModel = model('ContactIdentity', schema);
