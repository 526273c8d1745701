/** How far behind a cut a grapheme may reach and still be kept whole; longer ones are cut between code points. */
const GRAPHEME_REACH = 64;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** White space that stands for itself: no combining mark, modifier or joiner sits on it. */
const SPACE = String.raw`\s(?![\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200D])`;
const STARTS_WITH_SPACE = new RegExp(`^${SPACE}`, 'u');
const LEADING_SPACE = new RegExp(`^(?:${SPACE})+`, 'u');

/**
 * Splits a text into parts of at most `limit` UTF-16 code units (at least 2, or Infinity), at white space where there is any,
 * else between graphemes. The white space at a cut is dropped, everything else is kept. A text that fits comes back as it is;
 * one of nothing but white space gives no parts if it does not fit.
 */
export function splitText(text: string, limit: number): string[] {
  if (!(limit >= 2)) throw new RangeError('the limit must be at least 2');
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const cut = wordCut(rest, limit) ?? graphemeCut(rest, limit);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).replace(LEADING_SPACE, '');
  }
  parts.push(rest);
  return parts.filter((part) => part !== '');
}

/** The last place up to `limit` before white space. */
function wordCut(text: string, limit: number): number | null {
  for (let at = limit; at > 0; at -= 1) {
    if (STARTS_WITH_SPACE.test(text.slice(at, at + 3))) return at;
  }
  return null;
}

function graphemeCut(text: string, limit: number): number {
  const cut = graphemes.segment(text.slice(0, limit + GRAPHEME_REACH)).containing(limit)?.index ?? limit;
  if (cut > 0) return cut;
  return isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
