import { model, Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { BASE_OPTIONS } from './base.js';

const schema = new Schema(
  { _id: { type: String, required: true }, value: { type: Number, default: 0, required: true } },
  { ...BASE_OPTIONS, collection: 'counters' },
);

export type Counter = InferRawDocTypeFromSchema<typeof schema>;
export const CounterModel = model('Counter', schema);
