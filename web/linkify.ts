/** A stretch of message text; with `href` it is a link to the web or to a mail address. */
export interface TextPiece {
  text: string;
  href: string | null;
}

/**
 * Web and mail addresses. Strangers write the texts, so nothing may be read again and again: a web address takes all that could
 * belong to it, and a mail address is only looked for where its first character stands.
 */
const LINK =
  /(?<![a-z\d])(?:https?:\/\/|(www\.(?=[\p{L}\p{N}])))[^\s<>"]+|(?<![\p{L}\p{N}_.+-])([\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)/giu;
const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
const PUNCTUATION = '.,;:!?\'"»”’…*_';

/** Splits a text at its web and mail addresses, in time that grows with its length. The pieces joined give the text again. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let position = 0;
  for (const match of text.matchAll(LINK)) {
    const [found, www, mail] = match;
    const link = withoutPunctuation(found);
    const href = mail === undefined ? safeHref(www === undefined ? link : `https://${link}`) : `mailto:${link}`;
    if (href === null) continue;
    if (match.index > position) pieces.push({ text: text.slice(position, match.index), href: null });
    pieces.push({ text: link, href });
    position = match.index + link.length;
  }
  if (position < text.length) pieces.push({ text: text.slice(position), href: null });
  return pieces;
}

/** The address if it is a web address, resolved against `base`; null for every other scheme (`javascript:`, `data:`). */
export function safeHref(address: string | null, base?: string): string | null {
  if (address === null) return null;
  try {
    const url = new URL(address, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** Cuts what belongs to the sentence, but keeps a bracket that was opened inside the address. */
function withoutPunctuation(link: string): string {
  const unopened: Record<string, number> = {};
  for (const [close, open] of Object.entries(OPENING)) unopened[close] = count(link, close) - count(link, open);
  let end = link.length;
  for (;;) {
    const last = link[end - 1] ?? '';
    const isSurplus = (unopened[last] ?? 0) > 0;
    if (last === '' || (!isSurplus && !PUNCTUATION.includes(last))) return link.slice(0, end);
    if (isSurplus) unopened[last] = (unopened[last] ?? 0) - 1;
    end -= 1;
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;
