import type { ClientSession } from 'mongoose';
import { ContactIdentityModel, type ContactIdentity } from '../../models/index.js';
import type { VisitorActor } from '../../policies/index.js';
import { inTransaction } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';

/** The first epoch whose tokens count again; everything that came with an earlier one has to go. */
export interface TokensEnded {
  identityId: string;
  epoch: number;
}

/** Begins the next epoch of an identity within a transaction: all tokens that it has are worth nothing from then on. */
export async function endTokens(
  { _id, tokenEpoch }: Pick<ContactIdentity, '_id' | 'tokenEpoch'>,
  session: ClientSession,
): Promise<TokensEnded> {
  const epoch = (tokenEpoch ?? 0) + 1;
  await ContactIdentityModel.updateOne({ _id }, { $set: { tokenEpoch: epoch }, $inc: { touches: 1 } }, { session });
  return { identityId: String(_id), epoch };
}

/** Tells every process that tokens have ended, so that sockets which came with them are cut. */
export const tellTokensEnded = (hub: Hub, ended: TokensEnded): void =>
  hub.emitAfterCommit({ type: 'visitor_tokens_ended', ...ended });

/** A visitor logs out of the widget: on a shared computer nobody may go on with their token. @throws AppError 503. */
export async function endVisitorSession(hub: Hub, { identityId, epoch }: VisitorActor): Promise<void> {
  const ended = await inTransaction(async (session) => {
    const identity = await ContactIdentityModel.findById(identityId, 'tokenEpoch', { session }).lean();
    // Tokens that were given out since are not this visitor's to end.
    return identity === null || (identity.tokenEpoch ?? 0) !== epoch ? null : endTokens(identity, session);
  });
  if (ended !== null) tellTokensEnded(hub, ended);
}
