/** A stretch of message text; `href` is set where it is a web address. */
export interface TextPiece {
  text: string;
  href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;

/** Splits text at its http and https addresses; nothing else ever becomes a link. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimAddress(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** The punctuation of the sentence is not part of the address, unless the address opened that bracket itself. */
function trimAddress(address: string): string {
  const trailing = TRAILING.exec(address)?.[0] ?? '';
  const keepsBracket = trailing.startsWith(')') && address.includes('(');
  const cut = keepsBracket ? trailing.length - 1 : trailing.length;
  return address.slice(0, address.length - cut);
}

/** The host of a web address, for showing where a link leads; null if it is none that may be opened. */
export function linkHost(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.host : null;
}
