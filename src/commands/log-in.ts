import { createHash } from 'node:crypto';
import { unauthenticated } from '../errors.js';
import { UserModel, type User } from '../models/index.js';
import { inTransaction, onStore } from '../storage/in-transaction.js';
import type { LimitPolicy, Limits } from '../storage/rate-limits.js';
import { limitAddress } from '../utils/client-address.js';
import { checkPassword } from '../utils/password.js';
import type { Hub } from './hub.js';
import { normalizeEmail } from './insert-user.js';
import { recordAuditEvent } from './record-audit-event.js';
import { startSession, type LoggedIn } from './start-session.js';

/**
 * Failed log-ins. The first stops guessing at one account from one place without locking its owner out elsewhere; the second
 * guessing from many places; the third trying many accounts from one place.
 */
const PER_ACCOUNT_AND_ADDRESS: LimitPolicy = { name: 'log-in', points: 5, seconds: 15 * 60 };
const PER_ACCOUNT: LimitPolicy = { name: 'log-in-account', points: 50, seconds: 60 * 60 };
const PER_ADDRESS: LimitPolicy = { name: 'log-in-address', points: 30, seconds: 15 * 60 };

interface Props {
  email: string;
  password: string;
  address: string;
  userAgent: string | null;
}

/**
 * Logs a member of the team in. An attempt is counted before the password is looked at, so that many at once are no way around
 * the limits.
 * @throws AppError 401 alike for a wrong password, an unknown and a deactivated account; 429 when throttled; 503.
 */
export async function logIn(hub: Hub, limits: Limits, props: Props): Promise<LoggedIn> {
  const email = normalizeEmail(props.email);
  const account = createHash('sha256').update(email).digest('hex').slice(0, 32);
  const address = limitAddress(props.address);
  const pair = `${account}:${address}`;
  await limits.consume(PER_ACCOUNT_AND_ADDRESS, pair);
  await limits.consume(PER_ADDRESS, address);
  await limits.consume(PER_ACCOUNT, account);

  const user = await onStore(UserModel.findOne({ email }).lean<User>().exec());
  const isRight = await checkPassword(props.password, user?.passwordHash ?? null);
  if (!isRight || user === null || !user.active || user.role === 'customer') {
    await recordFailure(hub, user, address);
    throw unauthenticated('E-mail address or password is wrong.');
  }

  const loggedIn = await inTransaction(async (session) => {
    const started = await startSession(hub, user, props.userAgent, session);
    const subject = `user:${user._id.toString()}`;
    const data = { sessionId: started.sessionId };
    await recordAuditEvent({ type: 'login.succeeded', actor: null, subject, data, at: hub.now() }, session);
    return started;
  });
  await limits.reset(PER_ACCOUNT_AND_ADDRESS, pair);
  await limits.refund(PER_ADDRESS, address);
  await limits.refund(PER_ACCOUNT, account);
  return loggedIn;
}

async function recordFailure(hub: Hub, user: User | null, address: string): Promise<void> {
  const subject = user === null ? null : `user:${user._id.toString()}`;
  await onStore(recordAuditEvent({ type: 'login.failed', actor: null, subject, data: { address }, at: hub.now() }));
}
