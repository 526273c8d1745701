import { safeHref } from '../../linkify.js';

/** The host of a web address, for showing where a link leads; null if it is none that may be opened. */
export function linkHost(link: string): string | null {
  const href = safeHref(link);
  return href === null ? null : new URL(href).host;
}
