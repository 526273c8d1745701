import type { ContactIdentity } from '../../models/index.js';
import { visitorOf } from '../../policies/index.js';
import { act } from '../act.js';
import { changeContact } from './change-contact.js';
import { claimedFields, type ContactDetails } from './contact-details.js';
import type { Hub } from '../../hub.js';
import { VOUCHED } from './merge-identity.js';

/**
 * Notes the name and address that visitors give of themselves; what their website vouches for stays as the website says.
 * @throws AppError 503.
 */
export async function introduceVisitor(hub: Hub, identity: ContactIdentity, details: ContactDetails): Promise<void> {
  const isSilent = details.name === undefined && details.email === undefined;
  if (isSilent || identity.externalId.startsWith(VOUCHED)) return;
  await act(hub, visitorOf(identity), (unit) =>
    changeContact(unit, identity, (contact) => claimedFields(contact, details)),
  );
}
