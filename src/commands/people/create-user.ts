import type { User } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor, StaffActor } from '../../policies/index.js';
import { hashPassword } from '../../utils/password.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { insertUser } from './insert-user.js';

interface Props {
  actor: Actor;
  name: string;
  email: string;
  password: string;
  role: StaffActor['role'];
}

/**
 * Adds a member of the team.
 * @throws AppError 400 for an unfit password, 409 for a known e-mail address, 503; AccessDenied.
 */
export async function createUser(hub: Hub, { actor, password, ...account }: Props): Promise<User> {
  authorize(actor, 'user.manage');
  const passwordHash = await hashPassword(password);
  return act(hub, actor, async (unit) => {
    const user = await insertUser(unit, { ...account, passwordHash });
    await unit.audit('user.created', `user:${user._id.toString()}`, { role: account.role });
    return user;
  });
}
