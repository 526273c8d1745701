/** A piece of a text; with `href` it is a link. */
export interface TextSegment {
  text: string;
  href?: string;
}

const LINK = /(https?:\/\/|www\.)[^\s<>"]+|[\w.+-]+@[\w-]+(\.[\w-]+)+/gi;
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

const count = (text: string, character: string): number => text.split(character).length - 1;

/** Cuts punctuation that belongs to the sentence, but keeps a bracket that was opened inside the address. */
function trimEnd(link: string): string {
  let end = link;
  for (;;) {
    const last = end.at(-1) ?? '';
    const opening = CLOSING[last];
    const unbalanced = opening !== undefined && count(end, last) > count(end, opening);
    if (!unbalanced && !/[.,;:!?'"»”’…*_]/.test(last)) return end;
    end = end.slice(0, -1);
  }
}

function hrefOf(link: string): string | null {
  if (/^https?:/i.test(link)) return safeHref(link);
  if (/^www\./i.test(link)) return safeHref(`https://${link}`);
  return `mailto:${link}`;
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

/** Splits a text into plain pieces and links (web addresses, e-mail addresses). The pieces joined give the text again. */
export function linkify(text: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let position = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimEnd(match[0]);
    const href = link === '' ? null : hrefOf(link);
    if (href === null) continue;
    if (match.index > position) segments.push({ text: text.slice(position, match.index) });
    segments.push({ text: link, href });
    position = match.index + link.length;
  }
  if (position < text.length) segments.push({ text: text.slice(position) });
  return segments;
}
