/** Scripts whose spelling needs joiners: Persian and its neighbours, and those of India and South-East Asia. */
const JOINED =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Nkoo}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}' +
  '\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}';
/** What one emoji of a joined sequence may end with, and what the next begins with. */
const EMOJI_END = '\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F';

/**
 * What nobody sees: controls, halves of characters, marks that turn or hide the direction of text (`gpj.exe` shown backwards),
 * spaces without width, fillers and other code points that draw nothing, and code points that are not characters. Joiners,
 * variation selectors and tags are looked at apart, because emoji and some scripts are spelled with them.
 */
const INVISIBLE =
  /[\p{Cc}\u034F\p{Cs}\u17B4\u17B5\p{Noncharacter_Code_Point}\u00AD\u061C\u115F\u1160\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFC\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}]/gu;

/** Spaces of any kind and line breaks; the byte order mark counts as one elsewhere, but separates nothing. */
const SPACES = /(?:[^\S\uFEFF]|\u2800)+/g;

/** Joiners and selectors where they join or select nothing. */
const STRAY = new RegExp(
  [
    `(?<![${JOINED}])\\u200C|\\u200C(?![${JOINED}])`,
    `(?<![${JOINED}${EMOJI_END}])\\u200D|(?<=[${EMOJI_END}])\\u200D(?!\\p{Extended_Pictographic})`,
    // The selectors of emoji, and those of variants of Chinese characters, which occur in people's names.
    `(?<![\\p{Emoji}\\p{Extended_Pictographic}])[\\uFE0E\\uFE0F]|(?<![\\p{Script=Han}\\p{scx=Mymr}])[\\uFE00-\\uFE0D]`,
    `(?<!\\p{Script=Han})[\\u{E0100}-\\u{E01EF}]|(?<!\\p{scx=Mong})[\\u180B-\\u180F]`,
    // Tags spell the flags of regions, after a black flag.
    `(?<!\\u{1F3F4}[\\u{E0020}-\\u{E007E}]*)[\\u{E0001}-\\u{E007F}]`,
  ].join('|'),
  'gu',
);

/** Longest name that is kept. Characters (UTF-16 units). */
const MOST = 100;

/**
 * A text of one line from outside without what nobody sees: composed (NFC), spaces folded, nothing invisible but what emoji
 * and scripts with joiners are spelled with.
 */
export function cleanLine(text: string): string {
  const visible = text.normalize('NFC').replace(SPACES, ' ').replace(INVISIBLE, '');
  return visible.replace(STRAY, '').replace(/ {2,}/g, ' ').trim();
}

/** A name or title from outside as it may be shown; null when nothing of it can be seen. */
export function cleanName(text: string | null | undefined, most: number = MOST): string | null {
  const line = shorten(cleanLine(text ?? ''), most).trimEnd();
  return line === '' ? null : line;
}

/** Cut to so many UTF-16 units, never through a character. */
export function shorten(text: string, most: number): string {
  let result = '';
  for (const character of text) {
    if (result.length + character.length > most) break;
    result += character;
  }
  return result;
}
