import type { ClientSession } from 'mongoose';
import { validationError } from '../errors.js';
import { UserModel, type User } from '../models/index.js';
import type { Hub } from './hub.js';

/** A user whose rights have moved. */
export type MovedScope = Pick<User, '_id' | 'scopeRev'>;

/** @throws AppError 400 unless every id is an active member of the team. */
export async function assertStaff(ids: readonly string[], session: ClientSession): Promise<void> {
  const staff = { _id: { $in: ids }, active: true, role: { $ne: 'customer' } } as const;
  const found = await UserModel.find(staff, { _id: 1 }).session(session).lean().exec();
  const known = new Set(found.map((user) => user._id.toString()));
  const unknown = ids.filter((id) => !known.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  throw validationError(unknown.map((id) => ({ field: 'memberIds', message: `${id} is not a member of the team` })));
}

/** Moves the scope of users within a transaction, so that their clients reload what they may see (PROTOCOLS 4). */
export async function moveScopes(ids: readonly string[], session: ClientSession): Promise<MovedScope[]> {
  if (ids.length === 0) return [];
  await UserModel.updateMany({ _id: { $in: ids } }, { $inc: { scopeRev: 1 } }, { session });
  return UserModel.find({ _id: { $in: ids } }, { scopeRev: 1 })
    .session(session)
    .lean<MovedScope[]>()
    .exec();
}

/** Tells the sockets, after the commit. */
export function announceScopes(hub: Hub, moved: readonly MovedScope[]): void {
  for (const { _id, scopeRev } of moved) hub.emitAfterCommit({ type: 'scope', userId: _id.toString(), scopeRev });
}
