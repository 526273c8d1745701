import type { ClientSession } from 'mongoose';
import { validationError } from '../../errors.js';
import { UserModel } from '../../models/index.js';
import type { Act } from '../act.js';

/** @throws AppError 400 unless every id is an active member of the team. */
export async function assertStaff(ids: readonly string[], session: ClientSession): Promise<void> {
  const staff = { _id: { $in: ids }, active: true, role: { $ne: 'customer' } } as const;
  const found = await UserModel.find(staff, { _id: 1 }).session(session).lean().exec();
  const known = new Set(found.map((user) => user._id.toString()));
  const unknown = ids.filter((id) => !known.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  throw validationError(unknown.map((id) => ({ field: 'memberIds', message: `${id} is not a member of the team` })));
}

/** Moves the scope of users, so that their clients reload what they may see (PROTOCOLS 4), and tells their sockets. */
export async function moveScopes(act: Act, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { session } = act;
  await UserModel.updateMany({ _id: { $in: ids } }, { $inc: { scopeRev: 1 } }, { session });
  const moved = await UserModel.find({ _id: { $in: ids } }, { scopeRev: 1 })
    .session(session)
    .lean()
    .exec();
  for (const { _id, scopeRev } of moved) act.tell({ type: 'scope', userId: _id.toString(), scopeRev });
}
