import { ContactIdentityModel, ContactModel, ConversationModel } from '../../models/index.js';
import type { Contact, ContactIdentity } from '../../models/index.js';
import type { Act } from '../act.js';

/**
 * Changes the contact of an identity, and tells the team when something is new. Does nothing when the identity's tokens have
 * ended since it was read: what a stranger said must not land with whom they turned out to be.
 * @param change gives the fields that differ, for the contact as it is in the act.
 */
export async function changeContact(
  unit: Act,
  identity: Pick<ContactIdentity, '_id' | 'tokenEpoch'>,
  change: (contact: Contact) => Partial<Contact>,
): Promise<void> {
  const { session } = unit;
  const owner = await ContactIdentityModel.findById(identity._id, 'contact tokenEpoch', { session }).lean();
  if (owner === null || (owner.tokenEpoch ?? 0) !== (identity.tokenEpoch ?? 0)) return;
  const contact = await ContactModel.findById(owner.contact, null, { session }).lean();
  const changed = contact === null ? {} : change(contact);
  if (Object.keys(changed).length === 0) return;
  await ContactModel.updateOne({ _id: owner.contact }, { $set: changed }, { session });
  // Where a visitor is at the moment changes nothing of who they are.
  const fields = Object.keys(changed).filter((field) => field !== 'page');
  const data = { contact: String(owner.contact), fields };
  if (fields.length > 0) unit.record({ type: 'contact.changed', conversation: null, rev: null, data });
  const conversation = await ConversationModel.findOneAndUpdate(
    { identity: identity._id, current: true },
    { $inc: { version: 1 } },
    { session, returnDocument: 'after' },
  ).lean();
  if (conversation !== null) unit.show(conversation);
}
