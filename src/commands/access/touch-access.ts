import { CounterModel } from '../../models/index.js';
import type { Act } from '../act.js';

/**
 * Makes acts that decide by who has an account conflict with each other: what they read, none of them writes
 * (PROTOCOLS 1, write skew).
 */
export async function touchAccess({ session }: Act): Promise<void> {
  await CounterModel.updateOne({ _id: 'access' }, { $inc: { value: 1 } }, { upsert: true, session });
}
