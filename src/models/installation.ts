import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';

const schema = new Schema(
  {
    _id: { type: String, enum: ['self'] as const, required: true },
    /** Short and random; marks our sends on platforms (PROTOCOLS 7). */
    installId: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...BASE_OPTIONS, collection: 'installation' },
);

/** The one document that says which installation this store belongs to. */
export type Installation = InferRawDocTypeFromSchema<typeof schema>;
export const InstallationModel = model('Installation', schema);
