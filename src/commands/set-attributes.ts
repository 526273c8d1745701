import { ContactModel, ConversationModel, type ContactIdentity } from '../models/index.js';
import { inTransaction } from '../storage/in-transaction.js';
import type { Hub } from './hub.js';

/** Attributes one contact keeps. */
const MOST_ATTRIBUTES = 40;

/**
 * Notes what a website says about its visitor with their contact. Values given again replace the earlier ones; of more than
 * MOST_ATTRIBUTES the newest stay. The team is told when something is new.
 */
export async function setAttributes(
  hub: Hub,
  identity: ContactIdentity,
  attributes: Record<string, string>,
): Promise<void> {
  const given = Object.entries(attributes).map(([label, value]) => ({ label, value }));
  if (given.length === 0) return;
  const conversation = await inTransaction(async (session) => {
    const contact = await ContactModel.findById(identity.contact, 'attributes', { session }).lean();
    const before = new Map((contact?.attributes ?? []).map(({ label, value }) => [label, value]));
    if (contact === null || given.every(({ label, value }) => before.get(label) === value)) return null;
    const others = contact.attributes.filter(({ label }) => !Object.hasOwn(attributes, label));
    const all = [...others, ...given].slice(-MOST_ATTRIBUTES);
    await ContactModel.updateOne({ _id: contact._id }, { $set: { attributes: all } }, { session });
    return ConversationModel.findOneAndUpdate(
      { identity: identity._id, current: true },
      { $inc: { version: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
  });
  if (conversation !== null) hub.emitAfterCommit({ type: 'conversation', conversation, created: false, messages: [] });
}
