import { changeOf } from '../../events/change.js';
import { ContactIdentityModel, ContactModel, ConversationModel } from '../../models/index.js';
import type { Contact, ContactIdentity } from '../../models/index.js';
import { inTransaction } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';

/**
 * Changes the contact of an identity, and tells the team when something is new. Does nothing when the identity's tokens have
 * ended since it was read: what a stranger said must not land with whom they turned out to be.
 * @param change gives the fields that differ, for the contact as it is in the transaction.
 */
export async function changeContact(
  hub: Hub,
  identity: Pick<ContactIdentity, '_id' | 'tokenEpoch'>,
  change: (contact: Contact) => Partial<Contact>,
): Promise<void> {
  const conversation = await inTransaction(async (session) => {
    const owner = await ContactIdentityModel.findById(identity._id, 'contact tokenEpoch', { session }).lean();
    if (owner === null || (owner.tokenEpoch ?? 0) !== (identity.tokenEpoch ?? 0)) return null;
    const contact = await ContactModel.findById(owner.contact, null, { session }).lean();
    const fields = contact === null ? {} : change(contact);
    if (Object.keys(fields).length === 0) return null;
    await ContactModel.updateOne({ _id: owner.contact }, { $set: fields }, { session });
    return ConversationModel.findOneAndUpdate(
      { identity: identity._id, current: true },
      { $inc: { version: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
  });
  if (conversation !== null) hub.emitAfterCommit(changeOf(conversation));
}
