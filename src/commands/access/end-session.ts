import { SessionModel, type Session } from '../../models/index.js';
import { STRANGER } from '../../policies/index.js';
import { act, type Act } from '../act.js';
import type { Hub } from '../../hub.js';

/**
 * Ends one session for whoever holds one of its tokens, and cuts its sockets. Ending it again does nothing.
 * @throws AppError 503.
 */
export const endSession = (
  hub: Hub,
  { _id, user }: Pick<Session, '_id' | 'user'>,
  reason: 'session.ended' | 'session.tokenReused',
): Promise<void> =>
  act(hub, STRANGER, async (unit) => {
    if (!(await revokeSessions(unit, { _id }))) return;
    const [userId, sessionId] = [user.toString(), _id.toString()];
    await unit.audit(reason, `user:${userId}`, { sessionId });
    unit.tell({ type: 'revoked', userId, sessionId });
  });

/** Marks sessions as ended; whether there were any. */
export async function revokeSessions(
  { session, now }: Act,
  which: { _id: Session['_id'] } | { user: Session['user'] },
): Promise<boolean> {
  const ended = await SessionModel.updateMany({ ...which, revokedAt: null }, { revokedAt: now }, { session });
  return ended.modifiedCount > 0;
}
