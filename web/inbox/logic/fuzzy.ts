/** Letters without case and marks, so that `zoe` finds `Zoë`. */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * How well a text answers a query, higher is better; null: not at all. Every word of the query has to be found: best at the
 * text's beginning, then at the beginning of a word, then inside of one, last as letters in their order.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const searched = plain(text);
  let sum = 0;
  for (const word of words) {
    const score = wordScore(word, searched);
    if (score === null) return null;
    sum += score;
  }
  // Of equal matches the shorter text is meant more likely.
  return words.length === 0 ? 0 : sum / words.length - searched.length / 1_000;
}

/** The items that answer a query, best first; equal ones keep their order. An empty query keeps all. */
export function rank<T>(query: string, items: readonly T[], textOf: (item: T) => string): T[] {
  if (query.trim() === '') return [...items];
  return items
    .flatMap((item) => {
      const score = fuzzyScore(query, textOf(item));
      return score === null ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

const AT_START = 100;
const AT_WORD = 80;
const INSIDE = 60;
const SCATTERED = 30;
/** Scattered letters say little; the more lies between them the less. */
const PER_GAP = 2;

function wordScore(word: string, text: string): number | null {
  if (text.startsWith(word)) return AT_START;
  const index = text.indexOf(word);
  if (index === -1) return scatteredScore(word, text);
  return hasWordStart(word, text) ? AT_WORD : INSIDE;
}

function hasWordStart(word: string, text: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')) return true;
  }
  return false;
}

function scatteredScore(word: string, text: string): number | null {
  let at = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next === -1) return null;
    if (at !== -1 && next !== at + letter.length) gaps += 1;
    at = next;
  }
  const score = SCATTERED - gaps * PER_GAP;
  return word.length > 1 && score > 0 && gaps < word.length - 1 ? score : null;
}
