import { StoreError } from '../values/index.js';

const DAY = 86_400_000;

/** Day of the year in UTC, from 1. */
export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - yearStart(date.getUTCFullYear())) / DAY) + 1;
}

/** Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function yearStart(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

/** Week of the year, from 0; weeks begin on Sundays (as `%U`). */
export function week(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7);
}

/** Monday is 1, Sunday 7. */
export function isoDay(date: Date): number {
  return date.getUTCDay() || 7;
}

/** The Thursday of a date's ISO 8601 week decides the week's year. */
function thursday(date: Date): Date {
  return new Date(date.getTime() + (4 - isoDay(date)) * DAY);
}

/** Year of the ISO 8601 week. */
export function isoWeekYear(date: Date): number {
  return thursday(date).getUTCFullYear();
}

/** Number of the ISO 8601 week, from 1. */
export function isoWeek(date: Date): number {
  return Math.ceil(dayOfYear(thursday(date)) / 7);
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

const SPECIFIERS: Record<string, (date: Date) => string> = {
  d: (date) => padded(date.getUTCDate(), 2),
  G: (date) => padded(isoWeekYear(date), 4),
  H: (date) => padded(date.getUTCHours(), 2),
  j: (date) => padded(dayOfYear(date), 3),
  L: (date) => padded(date.getUTCMilliseconds(), 3),
  m: (date) => padded(date.getUTCMonth() + 1, 2),
  M: (date) => padded(date.getUTCMinutes(), 2),
  S: (date) => padded(date.getUTCSeconds(), 2),
  w: (date) => String(date.getUTCDay() + 1),
  u: (date) => String(isoDay(date)),
  U: (date) => padded(week(date), 2),
  V: (date) => padded(isoWeek(date), 2),
  Y: (date) => padded(date.getUTCFullYear(), 4),
  z: () => '+0000',
  Z: () => '0',
  b: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()]!,
  '%': () => '%',
};

/** Formats a date in UTC (manual: "$dateToString", format specifiers). Throws StoreError 18535, 18536 or 18537. */
export function formatDate(date: Date, format: string): string {
  const year = date.getUTCFullYear();
  if (year < 0 || year > 9999) {
    throw new StoreError(18537, `$dateToString is only defined on year 0-9999, tried to use year ${year}`);
  }
  return format.replace(/%([\s\S]?)/g, (_match, letter: string) => {
    if (letter === '') throw new StoreError(18535, "Unmatched '%' at end of format string");
    const write = Object.hasOwn(SPECIFIERS, letter) ? SPECIFIERS[letter] : undefined;
    if (write === undefined) throw new StoreError(18536, `Invalid format character '%${letter}' in format string`);
    return write(date);
  });
}
