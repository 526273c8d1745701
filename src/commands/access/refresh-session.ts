import { unauthenticated } from '../../errors.js';
import { SessionModel, UserModel, type Session, type User } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { hashToken, nextRefreshToken, signAccessToken, TOKEN_LIFETIME } from '../../utils/tokens.js';
import { endSession } from './end-session.js';
import type { Hub } from '../../hub.js';
import type { LoggedIn } from './start-session.js';

/**
 * How long after its use a refresh token is answered once more, with the same successor: two tabs may refresh at once, and an
 * answer may be lost on the way. Milliseconds. A thief who uses it in that time holds the same token as the owner, and the next
 * refresh of either ends the session when the other refreshes too.
 */
const GRACE = 10_000;
/** Used tokens remembered per session; at one refresh per access token this is more than a day of constant use. */
const REMEMBERED = 100;

const ended = () => unauthenticated('Your log-in has ended. Please log in again.');

/**
 * Exchanges a refresh token for the next one. A token used before ends the session, on all sides (SPEC 3.1; RFC 9700 section
 * 4.14.2).
 * @throws AppError 401, 503.
 */
export async function refreshSession(hub: Hub, refreshToken: string): Promise<LoggedIn> {
  const next = nextRefreshToken(refreshToken, hub.env.JWT_SECRET);
  const session = (await rotate(hub, refreshToken, next)) ?? (await repeat(hub, refreshToken, next));
  const user = await onStore(UserModel.findById(session.user).lean<User>().exec());
  if (user === null || !user.active || user.role === 'customer') throw ended();
  const claims = { userId: user._id.toString(), sessionId: session._id.toString() };
  const accessToken = signAccessToken(claims, hub.env.JWT_SECRET, hub.now());
  return { accessToken, refreshToken: next, user, sessionId: claims.sessionId };
}

function rotate(hub: Hub, refreshToken: string, next: string): Promise<Session | null> {
  const now = hub.now();
  const used = hashToken(refreshToken);
  return onStore(
    SessionModel.findOneAndUpdate(
      { tokenHash: used, revokedAt: null, expiresAt: { $gt: new Date(now) } },
      {
        $set: {
          tokenHash: hashToken(next),
          rotatedAt: new Date(now),
          expiresAt: new Date(now + TOKEN_LIFETIME.refresh),
        },
        $push: { usedHashes: { $each: [used], $slice: -REMEMBERED } },
      },
      { returnDocument: 'after' },
    )
      .lean<Session>()
      .exec(),
  );
}

async function repeat(hub: Hub, refreshToken: string, next: string): Promise<Session> {
  const session = await onStore(
    SessionModel.findOne({ usedHashes: hashToken(refreshToken) })
      .lean<Session>()
      .exec(),
  );
  if (session === null || session.revokedAt !== null) throw ended();
  const isLastOne = session.tokenHash === hashToken(next);
  if (isLastOne && hub.now() - (session.rotatedAt?.getTime() ?? 0) <= GRACE) return session;
  await endSession(hub, session, 'session.tokenReused');
  throw ended();
}
