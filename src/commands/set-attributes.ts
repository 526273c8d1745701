import type { ContactIdentity } from '../models/index.js';
import { changeContact } from './change-contact.js';
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
  await changeContact(hub, identity, (contact) => {
    const before = new Map(contact.attributes.map(({ label, value }) => [label, value]));
    if (given.every(({ label, value }) => before.get(label) === value)) return null;
    const others = contact.attributes.filter(({ label }) => !Object.hasOwn(attributes, label));
    return { $set: { attributes: [...others, ...given].slice(-MOST_ATTRIBUTES) } };
  });
}
