import type { ClientSession } from 'mongoose';
import { SessionModel, type Session } from '../../models/index.js';
import { inTransaction } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';
import { recordAuditEvent } from './record-audit-event.js';

/** Ends one session and cuts its sockets. Ending it again does nothing. @throws AppError 503. */
export async function endSession(
  hub: Hub,
  ended: Pick<Session, '_id' | 'user'>,
  reason: 'session.ended' | 'session.tokenReused',
): Promise<void> {
  const userId = ended.user.toString();
  const sessionId = ended._id.toString();
  const changed = await inTransaction(async (session) => {
    if (!(await revokeSessions({ _id: ended._id }, hub.now(), session))) return false;
    const data = { sessionId };
    await recordAuditEvent({ type: reason, actor: null, subject: `user:${userId}`, data, at: hub.now() }, session);
    return true;
  });
  if (changed) hub.emitAfterCommit({ type: 'revoked', userId, sessionId });
}

/** Marks sessions as ended within a transaction; whether there were any. */
export async function revokeSessions(
  which: { _id: Session['_id'] } | { user: Session['user'] },
  now: number,
  session: ClientSession,
): Promise<boolean> {
  const ended = await SessionModel.updateMany({ ...which, revokedAt: null }, { revokedAt: new Date(now) }, { session });
  return ended.modifiedCount > 0;
}
