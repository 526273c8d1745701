import { unauthenticated } from '../../errors.js';
import { UserModel, type User } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';

/** The account of whoever is logged in. @throws AppError 401 when it is gone, 503. */
export async function authenticatedUser(actor: StaffActor): Promise<User> {
  const user = await onStore(UserModel.findById(actor.userId).lean<User>().exec());
  if (user === null) throw unauthenticated();
  return user;
}
