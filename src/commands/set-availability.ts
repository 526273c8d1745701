import { notFound } from '../errors.js';
import { UserModel, type User } from '../models/index.js';
import { onStore } from '../storage/in-transaction.js';
import type { Availability } from '../shared/dto.js';
import type { Hub } from './hub.js';

/** Sets a member's availability by hand and tells the team. @throws AppError 404, 503. */
export async function setAvailability(hub: Hub, userId: string, availability: Availability): Promise<User> {
  const user = await onStore(
    UserModel.findByIdAndUpdate(userId, { $set: { availability } }, { returnDocument: 'after' }).lean().exec(),
  );
  if (user === null) throw notFound('This account');
  hub.emitAfterCommit({ type: 'availability', userId, availability });
  return user;
}
