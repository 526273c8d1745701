import { SessionModel, type Session } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { hashToken } from '../../utils/tokens.js';
import { endSession } from './end-session.js';
import type { Hub } from '../../hub.js';

/** Ends the session of this refresh token, also of one already exchanged; an unknown token is no error. @throws AppError 503. */
export async function logOut(hub: Hub, refreshToken: string): Promise<void> {
  const hash = hashToken(refreshToken);
  const session =
    (await onStore(SessionModel.findOne({ tokenHash: hash }).lean<Session>().exec())) ??
    (await onStore(SessionModel.findOne({ usedHashes: hash }).lean<Session>().exec()));
  if (session !== null) await endSession(hub, session, 'session.ended');
}
