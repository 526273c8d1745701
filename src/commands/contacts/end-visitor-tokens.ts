import { ContactIdentityModel, type ContactIdentity } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { VisitorActor } from '../../policies/index.js';
import { act, type Act } from '../act.js';
import type { Hub } from '../../hub.js';

/**
 * Begins the next epoch of an identity: all tokens that it has are worth nothing from then on, and sockets that came with them are cut
 * by every process.
 * @returns the epoch whose tokens count.
 */
export async function endTokens(unit: Act, identity: Pick<ContactIdentity, '_id' | 'tokenEpoch'>): Promise<number> {
  const { _id, tokenEpoch } = identity;
  const epoch = (tokenEpoch ?? 0) + 1;
  const next = { $set: { tokenEpoch: epoch }, $inc: { touches: 1 } };
  await ContactIdentityModel.updateOne({ _id }, next, { session: unit.session });
  unit.tell({ type: 'visitor_tokens_ended', identityId: String(_id), epoch });
  return epoch;
}

/**
 * A visitor logs out of the widget: on a shared computer nobody may go on with their token.
 * @throws AppError 503; AccessDenied.
 */
export const endVisitorSession = (hub: Hub, actor: VisitorActor): Promise<void> =>
  act(hub, actor, async (unit) => {
    authorize(actor, 'visit.end');
    const { session } = unit;
    const identity = await ContactIdentityModel.findById(actor.identityId, 'tokenEpoch', { session }).lean();
    // Tokens that were given out since are not this visitor's to end.
    if (identity !== null && (identity.tokenEpoch ?? 0) === actor.epoch) await endTokens(unit, identity);
  });
