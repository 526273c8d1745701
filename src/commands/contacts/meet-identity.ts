import { ContactIdentityModel, type ContactIdentity, type Inbox } from '../../models/index.js';
import { changeOne } from '../../storage/change-one.js';
import type { Act } from '../act.js';
import { makeIdentity } from './make-identity.js';

interface Visit {
  inbox: Inbox;
  externalId: string;
  /** When the contact did what opens the reply window; null: nothing of the kind. */
  openedWindowAt: Date | null;
}

/**
 * Finds or makes the identity of somebody who did something, and writes it: two acts of one contact conflict on it and never commit
 * side by side (PROTOCOLS 1, write skew). The first statement about a contact in every inbound act.
 */
export async function meetIdentity(act: Act, visit: Visit): Promise<ContactIdentity> {
  const { inbox, externalId, openedWindowAt } = visit;
  const known = await changeOne<ContactIdentity>(
    ContactIdentityModel.collection,
    { inbox: inbox._id, externalId },
    { $inc: { touches: 1 }, ...(openedWindowAt === null ? {} : { $max: { lastInboundAt: openedWindowAt } }) },
    act.session,
  );
  if (known === null) return makeIdentity(act, visit);
  act.know({ identity: known });
  return known;
}
