import { formatUnit } from '../i18n/formats.js';
import type { Words } from '../i18n/instance.js';

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** A number below `size` that stays the same for a text, for picking its colour. */
export function hashIndex(text: string, size: number): number {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % size;
}

/** A file size for people. */
export function fileSize(words: Words, bytes: number): string {
  const size = (value: number, unit: string, maximumFractionDigits = 0): string =>
    formatUnit(words.language, value, unit, { maximumFractionDigits });
  if (bytes < 1_024) return size(bytes, 'byte');
  if (bytes < 1_024 * 1_024) return size(bytes / 1_024, 'kilobyte');
  return size(bytes / 1_024 / 1_024, 'megabyte', 1);
}
