import type { User } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import { inTransaction } from '../../storage/in-transaction.js';
import { hashPassword } from '../../utils/password.js';
import type { Hub } from '../../hub.js';
import { insertUser } from './insert-user.js';
import { recordAuditEvent } from '../access/record-audit-event.js';

interface Props {
  actor: StaffActor;
  name: string;
  email: string;
  password: string;
  role: StaffActor['role'];
}

/** Adds a member of the team. @throws AppError 400 for an unfit password, 409 for a known e-mail address, 503. */
export async function createUser(hub: Hub, props: Props): Promise<User> {
  const { actor, name, email, password, role } = props;
  const passwordHash = await hashPassword(password);
  return inTransaction(async (session) => {
    const user = await insertUser(hub, { name, email, passwordHash, role }, session);
    const subject = `user:${user._id.toString()}`;
    await recordAuditEvent({ type: 'user.created', actor, subject, data: { role }, at: hub.now() }, session);
    return user;
  });
}
