import mongoose from 'mongoose';
import { ContactIdentityModel, ContactModel, type ContactIdentity, type Inbox } from '../../models/index.js';
import { changeOne } from '../../storage/change-one.js';
import type { Act } from '../act.js';

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

async function makeIdentity(act: Act, { inbox, externalId, openedWindowAt }: Visit): Promise<ContactIdentity> {
  const options = { session: act.session, ordered: true } as const;
  const createdAt = act.now;
  const id = new mongoose.Types.ObjectId();
  const [contact] = await ContactModel.create([{ _id: id, createdAt }], options);
  const [made] = await ContactIdentityModel.create(
    [{ inbox: inbox._id, externalId, contact: id, touches: 1, lastInboundAt: openedWindowAt, createdAt }],
    options,
  );
  if (contact === undefined || made === undefined) throw new Error('the store answered an insert without its document');
  const identity = made.toObject<ContactIdentity>();
  act.know({ contact: contact.toObject(), identity });
  act.record({
    type: 'identity.created',
    conversation: null,
    rev: null,
    data: { identity: String(identity._id), inbox: String(inbox._id), channel: inbox.channel },
  });
  return identity;
}
