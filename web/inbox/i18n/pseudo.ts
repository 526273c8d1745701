/**
 * A language for tests, made of the English texts: accented letters show what is not translated, brackets show what is put
 * together or cut off, more length and the other direction show what does not fit (UI 25).
 */
export const PSEUDO = 'en-XA';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = [...'áƀçđéƒǧħíĵķłɱñóƥɋŕšŧúṽŵẋýžÁƁÇĐÉƑǦĦÍĴĶŁḾÑÓƤɊŔŠŦÚṼŴẊÝŽ'];
const LETTERS = new Map([...PLAIN].map((letter, index) => [letter, ACCENTED[index] ?? letter]));

/** Places of parameters, `{{count, number}}`, and references to other texts, `$t(…)`, stay as they are. */
const PLACE = /(\{\{[^}]*\}\}|\$t\([^)]*\))/;
const LONGER = 0.4;

/** One text in the pseudo-language. */
export function pseudoText(text: string): string {
  const pieces = text.split(PLACE).map((piece, index) => ({ piece, fixed: index % 2 === 1 }));
  const length = pieces.reduce((sum, { piece, fixed }) => sum + (fixed ? 0 : [...piece].length), 0);
  const accented = pieces.map(({ piece, fixed }) => (fixed ? piece : accent(piece))).join('');
  return `[${accented}${padding(Math.ceil(length * LONGER))}]`;
}

/** A whole tree of texts in the pseudo-language. */
export function pseudoTexts<T>(texts: T): T {
  if (typeof texts === 'string') return pseudoText(texts) as T;
  return Object.fromEntries(Object.entries(texts as object).map(([key, value]) => [key, pseudoTexts(value)])) as T;
}

const accent = (text: string): string => [...text].map((letter) => LETTERS.get(letter) ?? letter).join('');

/** Filler of words, so that lines can break in it. */
const padding = (length: number): string => ' ẋẋẋẋẋ'.repeat(Math.ceil(length / 6)).slice(0, length);
