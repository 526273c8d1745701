import { unauthenticated, visitorSessionEnded } from '../../errors.js';
import { ContactIdentityModel, SessionModel, UserModel, type User } from '../../models/index.js';
import { visitorOf, type StaffActor, type VisitorActor } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { readAccessToken, readVisitorToken } from '../../utils/tokens.js';
import type { Hub } from '../../hub.js';
import { placesOfMember, staffActor } from './staff-actor.js';

/** A member of the team, proven by an access token. */
export interface StaffAccess {
  actor: StaffActor;
  user: User;
  sessionId: string;
  /** When the token, and with it a socket opened by it, ends. Milliseconds. */
  expiresAt: number;
}

/** A visitor, proven by a visitor token. */
export interface VisitorAccess {
  actor: VisitorActor;
  expiresAt: number;
}

/**
 * Who an access token stands for, with the rights of this moment: the session, the user and the memberships are read each time,
 * so that log-out, deactivation and a change of role count at once.
 * @throws AppError 401 for a token that is not ours, expired, of an ended session or of a deactivated user; 503.
 */
export async function authenticateAccessToken(hub: Hub, token: string): Promise<StaffAccess> {
  const claims = readAccessToken(token, hub.env.JWT_SECRET, hub.now());
  if (claims === null) throw unauthenticated('Your log-in has expired. Please log in again.');
  const { userId, sessionId, expiresAt } = claims;
  const [user, session, places] = await onStore(
    Promise.all([
      UserModel.findById(userId).lean<User>().exec(),
      SessionModel.findOne({ _id: sessionId, user: userId }, { revokedAt: 1, expiresAt: 1 }).lean().exec(),
      placesOfMember(userId),
    ]),
  );
  const lives = session !== null && session.revokedAt === null && session.expiresAt.getTime() > hub.now();
  if (!lives || user === null || !user.active || user.role === 'customer')
    throw unauthenticated('Your log-in has ended. Please log in again.');
  const actor = staffActor(user, user.role, sessionId, places);
  return { actor, user, sessionId, expiresAt };
}

/**
 * Which visitor a token stands for.
 * @throws AppError 401 for a token that is not ours, expired, of an earlier epoch or of an identity that is gone; 503.
 */
export async function authenticateVisitorToken(hub: Hub, token: string): Promise<VisitorAccess> {
  const claims = readVisitorToken(token, hub.env.JWT_SECRET, hub.now());
  if (claims === null) throw visitorSessionEnded();
  const { identityId, inboxId, epoch, expiresAt } = claims;
  const identity = await onStore(
    ContactIdentityModel.findOne({ _id: identityId, inbox: inboxId }, 'contact inbox tokenEpoch').lean().exec(),
  );
  if (identity === null || (identity.tokenEpoch ?? 0) !== epoch) throw visitorSessionEnded();
  return { actor: visitorOf(identity), expiresAt };
}
