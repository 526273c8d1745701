/** A JSON object whose content nobody vouches for. */
export type Json = Record<string, unknown>;

const NUMBER_AFTER_PUNCTUATION = /(?:^|[:,[])\s*-?\d{16}/;
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON.parse that gives whole numbers beyond 2^53 as strings: Meta writes some of its ids as numbers. Throws SyntaxError.
 */
export function parseLossless(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return NUMBER_AFTER_PUNCTUATION.test(text) ? JSON.parse(text.replace(STRINGS_AND_NUMBERS, quoteUnsafe)) : value;
}

function quoteUnsafe(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

/** The value as an object, else null. */
export function record(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The objects of a list; empty for what is no list. */
export function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record).filter((item) => item !== null) : [];
}

/** A string that says something, else null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id, a code or a score, which may be written as a string or as a number. */
export function id(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : text(value);
}

/** A whole number, which may be quoted. */
export function integer(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

/** A time as milliseconds since the epoch; Meta writes seconds or milliseconds, as numbers or strings. */
export function millis(value: unknown): number | null {
  const time = integer(value);
  if (time === null || time <= 0 || time > 1e14) return null;
  return time < 1e11 ? time * 1000 : time;
}

/** An http(s) address, else null: nothing else may become a link or be fetched. */
export function webUrl(value: unknown): string | null {
  const address = text(value);
  if (address === null || !URL.canParse(address)) return null;
  return /^https?:$/.test(new URL(address).protocol) ? address : null;
}

/** The pairs that have a value. */
export function present<T>(pairs: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(Object.entries(pairs).filter((pair): pair is [string, T] => pair[1] !== null));
}
