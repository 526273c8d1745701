import { conflict, wrongSetupCode } from '../../errors.js';
import { UserModel } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { hashPassword } from '../../utils/password.js';
import { isSetupCode } from '../../utils/setup-code.js';
import { SYSTEM } from '../../policies/index.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { insertUser } from '../people/insert-user.js';
import { startSession, type LoggedIn } from './start-session.js';
import { touchAccess } from './touch-access.js';

const STAFF_ROLES = ['admin', 'supervisor', 'agent'] as const;

const anyStaff = () => UserModel.exists({ role: { $in: STAFF_ROLES } });

/** Whether nobody of the team has an account yet. @throws AppError 503. */
export const isSetUpNeeded = async (): Promise<boolean> => (await onStore(anyStaff().exec())) === null;

interface Props {
  /** As `setupCodeOf` gives it and every start prints it. */
  code: string;
  name: string;
  email: string;
  password: string;
  userAgent: string | null;
  address: string;
}

const alreadySetUp = () => conflict('This installation is already set up. Please log in.');

/**
 * Makes the first admin and logs them in; of several calls at once one succeeds (SPEC 3.1).
 * @throws AppError 403 for a wrong code, 400 for an unfit password, 409 once there is anybody, 503.
 */
export async function setUp(hub: Hub, props: Props): Promise<LoggedIn> {
  const { code, name, email, password } = props;
  if (!(await isSetUpNeeded())) throw alreadySetUp();
  if (!isSetupCode(code, hub.env.JWT_SECRET)) throw wrongSetupCode();
  const passwordHash = await hashPassword(password);
  return act(hub, SYSTEM, async (unit) => {
    await touchAccess(unit);
    if ((await anyStaff().session(unit.session)) !== null) throw alreadySetUp();
    const user = await insertUser(unit, { name, email, passwordHash, role: 'admin' });
    await unit.audit('installation.setUp', `user:${user._id.toString()}`);
    return startSession(unit, user, props);
  });
}
