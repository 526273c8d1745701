import { SessionModel, type User } from '../../models/index.js';
import { hashToken, newRefreshToken, signAccessToken, TOKEN_LIFETIME } from '../../utils/tokens.js';
import type { Act } from '../act.js';
import { addressMark } from './known-places.js';

/** What a client gets when it has proven who it is. */
export interface LoggedIn {
  accessToken: string;
  refreshToken: string;
  user: User;
  sessionId: string;
}

/** Begins a session of the user: one log-in on one device. */
export async function startSession(
  { hub, session, now }: Act,
  user: User,
  from: { userAgent: string | null; address: string | null },
): Promise<LoggedIn> {
  const refreshToken = newRefreshToken();
  const row = {
    user: user._id,
    tokenHash: hashToken(refreshToken),
    expiresAt: new Date(now.getTime() + TOKEN_LIFETIME.refresh),
    userAgent: from.userAgent,
    addressHash: from.address === null ? null : addressMark(hub, user._id.toString(), from.address),
    createdAt: now,
  };
  const [created] = await SessionModel.create([row], { session, ordered: true });
  if (created === undefined) throw new Error('The store made no session.');
  const sessionId = created._id.toString();
  const accessToken = signAccessToken({ userId: user._id.toString(), sessionId }, hub.env.JWT_SECRET, now.getTime());
  return { accessToken, refreshToken, user, sessionId };
}
