import type { Contact, ContactIdentity, Inbox } from '../../models/index.js';
import { cleanName } from '../../shared/clean-name.js';
import type { VisitedPage } from '../../shared/schemas/visitor.js';
import { cleanPage } from '../../utils/page-address.js';
import { changeContact } from './change-contact.js';
import type { Act } from '../act.js';

/** Attributes one contact keeps. */
const MOST_ATTRIBUTES = 40;

/** What a website's page tells of the visitor on it. */
export interface Visit {
  /** Shown to the team beside the contact. */
  attributes?: Record<string, string>;
  page?: VisitedPage;
}

/**
 * Notes what a website says about its visitor, and the page they are on, with their contact. Attributes given again replace the
 * earlier ones; of more than MOST_ATTRIBUTES the newest stay. Queries of addresses are cut unless the inbox's setting
 * `pageQueries` is on. The team is told when something is new.
 */
export async function noteVisit(unit: Act, inbox: Inbox, identity: ContactIdentity, visit: Visit): Promise<void> {
  const given = Object.entries(visit.attributes ?? {}).flatMap(([label, value]) => {
    const name = cleanName(label);
    return name === null ? [] : [{ label: name, value: cleanName(value, value.length) ?? '' }];
  });
  const keepQuery = (inbox.settings as { pageQueries?: unknown } | null)?.pageQueries === true;
  const page = visit.page === undefined ? null : cleanPage(visit.page, keepQuery);
  if (given.length === 0 && page === null) return;
  await changeContact(unit, identity, (contact) => ({
    ...withAttributes(contact, given),
    ...(page === null || isOn(contact, page) ? {} : { page: { ...page, at: unit.now } }),
  }));
}

function withAttributes(contact: Contact, given: { label: string; value: string }[]): Partial<Contact> {
  const before = new Map(contact.attributes.map(({ label, value }) => [label, value]));
  if (given.every(({ label, value }) => before.get(label) === value)) return {};
  const named = new Set(given.map(({ label }) => label));
  const others = contact.attributes.filter(({ label }) => !named.has(label));
  return { attributes: [...others, ...given].slice(-MOST_ATTRIBUTES) };
}

const isOn = ({ page }: Contact, { url, title, referrer }: Omit<NonNullable<Contact['page']>, 'at'>): boolean =>
  page?.url === url && (page.title ?? null) === title && (page.referrer ?? null) === referrer;
