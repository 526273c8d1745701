/**
 * Keys are written as `j`, `?`, `ArrowDown`, `mod+k` (Ctrl, ⌘ on a Mac), `shift+Enter`, or two strokes after each other as in
 * `g i`. Letters are small.
 */
export type KeyName = string;

/** One stroke as a browser tells it. */
export interface Stroke {
  key: string;
  /** The place on the keyboard, for layouts without Latin letters. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The name of a stroke; Ctrl and ⌘ count as the same. */
export function strokeName({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Stroke): KeyName {
  const latin = isLetterOrSign(key) && !isAscii(key) && /^Key[A-Z]$/.test(code) ? code.slice(3) : key;
  const isLetter = /^[a-z]$/i.test(latin);
  const parts = [
    ...(ctrlKey || metaKey ? ['mod'] : []),
    ...(altKey ? ['alt'] : []),
    // A sign such as ? holds its shift already.
    ...(shiftKey && (isLetter || !isLetterOrSign(latin)) ? ['shift'] : []),
    isLetter ? latin.toLowerCase() : latin,
  ];
  return parts.join('+');
}

/** Whether a key is one letter or sign, or begins with one: such keys can be switched off (WCAG 2.1.4). */
export const isCharacterKey = (key: KeyName): boolean => key.split(' ').every((stroke) => [...stroke].length === 1);

/** Whether a key works while text is written: only with Ctrl, ⌘ or Alt. */
export const worksInText = (key: KeyName): boolean => /^(mod|alt)\+/.test(key);

/** The strokes of a key, each as what stands on its caps: `mod+k` is `[['Ctrl', 'K']]`. */
export const capsOf = (key: KeyName, mac: boolean): string[][] =>
  key.split(' ').map((stroke) => stroke.split('+').map((part) => capOf(part, mac)));

const CAPS: Record<string, string> = {
  alt: 'Alt',
  shift: 'Shift',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

function capOf(part: string, mac: boolean): string {
  if (part === 'mod') return mac ? '⌘' : 'Ctrl';
  return CAPS[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

const isLetterOrSign = (key: string): boolean => [...key].length === 1;
const isAscii = (key: string): boolean => key.charCodeAt(0) < 128;
