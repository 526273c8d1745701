import { cleanName } from '../shared/clean-name.js';
import type { VisitedPage } from '../shared/schemas/visitor.js';

/** Longest address and title that are kept. Characters. */
const LONGEST = { address: 1_000, title: 200 } as const;

/**
 * An address of the web as it may be kept: without user, password and fragment, and without its query unless `keepQuery`, because
 * queries carry searches, tokens and addresses of people. Null for what is no address of the web.
 */
export function pageAddress(text: string, keepQuery: boolean): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, search } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const address = origin + pathname + (keepQuery ? search : '');
  return address.length <= LONGEST.address ? address : origin + pathname.slice(0, LONGEST.address - origin.length);
}

/** A visited page as it may be kept; null when it has no address of the web. */
export function cleanPage(
  { url, title, referrer }: VisitedPage,
  keepQuery: boolean,
): { url: string; title: string | null; referrer: string | null } | null {
  const address = pageAddress(url, keepQuery);
  if (address === null) return null;
  return { url: address, title: cleanName(title, LONGEST.title), referrer: pageAddress(referrer ?? '', keepQuery) };
}
