import type { Contact } from '../../models/index.js';
import { cleanName } from '../../shared/clean-name.js';

/** What somebody is called and how they are reached, as they or their website say it. */
export interface ContactDetails {
  name?: string;
  email?: string;
}

type Kept = Partial<Pick<Contact, 'name' | 'nameBy' | 'email' | 'emailBy'>>;

/** The fields of a contact that a website vouches for. */
export function vouchedFields({ name, email }: ContactDetails): Kept {
  const cleaned = cleanName(name);
  return {
    ...(cleaned === null ? {} : { name: cleaned, nameBy: 'website' as const }),
    ...(email === undefined ? {} : { email, emailBy: 'website' as const }),
  };
}

/** The fields that a contact does not hold as they are here. */
export const newOf = (contact: Contact, fields: Kept): Kept =>
  Object.fromEntries(Object.entries(fields).filter(([field, value]) => contact[field as keyof Kept] !== value));

/** What is new of what a contact says of themself; what others have vouched for stays as it is. */
export function claimedFields(contact: Contact, { name, email }: ContactDetails): Kept {
  const cleaned = cleanName(name);
  const isOpen = (by: Contact['nameBy']): boolean => by === 'contact' || !by;
  return {
    ...(cleaned !== null && cleaned !== contact.name && isOpen(contact.nameBy)
      ? { name: cleaned, nameBy: 'contact' as const }
      : {}),
    ...(email !== undefined && email !== contact.email && isOpen(contact.emailBy)
      ? { email, emailBy: 'contact' as const }
      : {}),
  };
}
