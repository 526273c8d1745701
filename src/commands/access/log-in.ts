import { createHash } from 'node:crypto';
import { unauthenticated } from '../../errors.js';
import { UserModel, type User } from '../../models/index.js';
import { STRANGER } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { LimitPolicy, Limits } from '../../storage/rate-limits.js';
import { limitAddress } from '../../utils/client-address.js';
import { checkPassword } from '../../utils/password.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { normalizeEmail } from '../people/insert-user.js';
import { deviceOf, isKnownAddress } from './known-places.js';
import { recordAuditEvent } from './record-audit-event.js';
import { startSession, type LoggedIn } from './start-session.js';

/**
 * Failed log-ins. The first stops guessing at one account from one place without locking its owner out elsewhere; the second
 * guessing from many places; the third trying many accounts from one place; the last guessing on a device that the user has
 * logged in on. Strangers can use up none but their own: a known device counts by itself alone, and a known address is not
 * counted with the places that nobody knows.
 */
const PER_ACCOUNT_AND_ADDRESS: LimitPolicy = { name: 'log-in', points: 5, seconds: 15 * 60 };
const PER_ACCOUNT_OF_STRANGERS: LimitPolicy = { name: 'log-in-account', points: 50, seconds: 60 * 60 };
const PER_ADDRESS: LimitPolicy = { name: 'log-in-address', points: 30, seconds: 15 * 60 };

const PER_DEVICE: LimitPolicy = { name: 'log-in-device', points: 5, seconds: 15 * 60 };

interface Props {
  email: string;
  password: string;
  address: string;
  userAgent: string | null;
  /** The token that an earlier log-in gave to this device; null: none. */
  deviceToken: string | null;
}

/**
 * Logs a member of the team in. An attempt is counted before the password is looked at, so that many at once are no way around
 * the limits.
 * @throws AppError 401 alike for a wrong password, an unknown and a deactivated account; 429 when throttled; 503.
 */
export async function logIn(hub: Hub, limits: Limits, props: Props): Promise<LoggedIn> {
  const email = normalizeEmail(props.email);
  const address = limitAddress(props.address);
  const user = await onStore(UserModel.findOne({ email }).lean<User>().exec());
  const budget = await budgetOf(hub, user, { ...props, email, address });
  for (const { policy, key } of budget) await limits.consume(policy, key);

  const isRight = await checkPassword(props.password, user?.passwordHash ?? null);
  if (!isRight || user === null || !user.active || user.role === 'customer') {
    await recordFailure(hub, user, address);
    throw unauthenticated('E-mail address or password is wrong.');
  }

  const loggedIn = await act(hub, STRANGER, async (unit) => {
    const started = await startSession(unit, user, props);
    await unit.audit('login.succeeded', `user:${user._id.toString()}`, { sessionId: started.sessionId });
    return started;
  });
  for (const { policy, key, isOwn } of budget) await (isOwn ? limits.reset(policy, key) : limits.refund(policy, key));
  return loggedIn;
}

/** A limit that an attempt counts by. */
interface Share {
  policy: LimitPolicy;
  key: string;
  /** Nobody else's attempts are counted there: a success gives all of it back, else only its own point. */
  isOwn: boolean;
}

async function budgetOf(
  hub: Hub,
  user: User | null,
  { email, address, deviceToken }: Pick<Props, 'email' | 'address' | 'deviceToken'>,
): Promise<Share[]> {
  const device = user === null ? null : deviceOf(hub, user, deviceToken);
  if (device !== null) return [{ policy: PER_DEVICE, key: device, isOwn: true }];
  const account = createHash('sha256').update(email).digest('hex').slice(0, 32);
  const isKnown = user !== null && (await isKnownAddress(hub, user, address));
  return [
    { policy: PER_ACCOUNT_AND_ADDRESS, key: `${account}:${address}`, isOwn: true },
    { policy: PER_ADDRESS, key: address, isOwn: false },
    ...(isKnown ? [] : [{ policy: PER_ACCOUNT_OF_STRANGERS, key: account, isOwn: false }]),
  ];
}

async function recordFailure(hub: Hub, user: User | null, address: string): Promise<void> {
  const subject = user === null ? null : `user:${user._id.toString()}`;
  await onStore(recordAuditEvent({ type: 'login.failed', actor: STRANGER, subject, data: { address }, at: hub.now() }));
}
