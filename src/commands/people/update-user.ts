import type { ClientSession } from 'mongoose';
import { conflict, notFound } from '../../errors.js';
import { UserModel, type User } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor, StaffActor } from '../../policies/index.js';
import { act } from '../act.js';
import { revokeSessions } from '../access/end-session.js';
import type { Hub } from '../../hub.js';
import { touchAccess } from '../access/touch-access.js';

interface Props {
  actor: Actor;
  userId: string;
  changes: { name?: string; role?: StaffActor['role']; active?: boolean };
}

/**
 * Changes a member of the team. Deactivating ends all their sessions and cuts their sockets; another role moves their scope.
 * @throws AppError 404; 409 when nobody active would be admin any more; 503; AccessDenied.
 */
export async function updateUser(hub: Hub, props: Props): Promise<User> {
  const { actor, userId, changes } = props;
  return act(hub, actor, async (unit) => {
    const { session } = unit;
    authorize(actor, 'user.manage');
    await touchAccess(unit);
    const found = await UserModel.findById(userId).session(session).lean<User>().exec();
    if (found === null || found.role === 'customer') throw notFound('This user');
    const hasNewRole = changes.role !== undefined && changes.role !== found.role;
    const isDeactivated = changes.active === false && found.active;
    if (found.role === 'admin' && (hasNewRole || isDeactivated)) await assertAnotherAdmin(found, session);

    const moved = hasNewRole ? { $inc: { scopeRev: 1 } } : {};
    const changed = await UserModel.findByIdAndUpdate(
      found._id,
      { $set: changes, ...moved },
      { session, returnDocument: 'after' },
    )
      .lean<User>()
      .exec();
    if (changed === null) throw notFound('This user');
    await unit.audit('user.updated', `user:${userId}`, changes);
    if (isDeactivated) {
      await revokeSessions(unit, { user: found._id });
      unit.record({ type: 'user.deactivated', conversation: null, rev: null, data: { user: userId } });
      unit.tell({ type: 'revoked', userId, sessionId: null });
    } else if (hasNewRole) unit.tell({ type: 'scope', userId, scopeRev: changed.scopeRev });
    return changed;
  });
}

async function assertAnotherAdmin(user: User, session: ClientSession): Promise<void> {
  const other = await UserModel.exists({ role: 'admin', active: true, _id: { $ne: user._id } }).session(session);
  if (other === null) throw conflict('Somebody has to stay admin. Make another person admin first.');
}
