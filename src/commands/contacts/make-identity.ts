import mongoose from 'mongoose';
import {
  ContactIdentityModel,
  ContactModel,
  type Contact,
  type ContactIdentity,
  type Inbox,
} from '../../models/index.js';
import type { Act } from '../act.js';

interface Props {
  inbox: Inbox;
  externalId: string;
  /** When they did what opens the reply window; null: nothing of the kind. */
  openedWindowAt?: Date | null;
  /** What is known of them from the start. */
  contact?: Partial<Contact>;
}

/** Makes a contact with its first identity, and says so. */
export async function makeIdentity(act: Act, props: Props): Promise<ContactIdentity> {
  const { inbox, externalId, openedWindowAt = null, contact: known = {} } = props;
  const options = { session: act.session, ordered: true } as const;
  const createdAt = act.now;
  const id = new mongoose.Types.ObjectId();
  const [contact] = await ContactModel.create([{ ...known, _id: id, createdAt }], options);
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
