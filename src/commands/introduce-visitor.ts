import type { ContactIdentity } from '../models/index.js';
import { changeContact } from './change-contact.js';
import type { Hub } from './hub.js';
import { VOUCHED } from './merge-identity.js';

/** Notes the name and address that visitors give of themselves; what their website vouches for stays as the website says. */
export async function introduceVisitor(
  hub: Hub,
  identity: ContactIdentity,
  { name, email }: { name?: string; email?: string },
): Promise<void> {
  const told = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  if (Object.keys(told).length === 0 || identity.externalId.startsWith(VOUCHED)) return;
  await changeContact(hub, identity, (contact) => {
    const isNew = (name !== undefined && name !== contact.name) || (email !== undefined && email !== contact.email);
    return isNew ? { $set: told } : null;
  });
}
