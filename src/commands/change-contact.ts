import type { UpdateQuery } from 'mongoose';
import { changeOf } from '../events/change.js';
import { ContactModel, ConversationModel, type Contact, type ContactIdentity } from '../models/index.js';
import { inTransaction } from '../storage/in-transaction.js';
import type { Hub } from './hub.js';

/**
 * Changes the contact of an identity, and tells the team when something is new.
 * @param change gives the update for the contact as it is in the transaction; null: nothing is new.
 */
export async function changeContact(
  hub: Hub,
  identity: ContactIdentity,
  change: (contact: Contact) => UpdateQuery<Contact> | null,
): Promise<void> {
  const conversation = await inTransaction(async (session) => {
    const contact = await ContactModel.findById(identity.contact, null, { session }).lean();
    const update = contact === null ? null : change(contact);
    if (update === null) return null;
    await ContactModel.updateOne({ _id: identity.contact }, update, { session });
    return ConversationModel.findOneAndUpdate(
      { identity: identity._id, current: true },
      { $inc: { version: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
  });
  if (conversation !== null) hub.emitAfterCommit(changeOf(conversation));
}
