import { Schema, type SchemaOptions, type Types } from 'mongoose';

/** Options every schema shares: unknown fields are an error, indexes are created at boot only (PROTOCOLS 1). */
export const BASE_OPTIONS = {
  versionKey: false,
  strict: 'throw',
  minimize: false,
  autoIndex: false,
  autoCreate: false,
} as const satisfies SchemaOptions;

/** A stored document as `lean()` returns it. */
export type Stored<T> = T & { _id: Types.ObjectId };

/**
 * Partial filter of an optional unique or looked-up string. Not `$type: 'string'`: the planner uses a partial index only when the
 * query implies its filter, and an equality implies `$gt: ''` but never a `$type`.
 */
export const WHERE_STRING = { $gt: '' } as const;

/** A labelled value, for display (`attributes`, `context`, `details`). */
export const LABELLED = new Schema(
  { label: { type: String, required: true }, value: { type: String, required: true } },
  { _id: false },
);
