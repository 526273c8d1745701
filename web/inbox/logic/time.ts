import { capitalise, formatDate, formatList, formatRelative, formatUnit } from '../i18n/formats.js';
import type { Words } from '../i18n/instance.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS_FROM = 2 * DAY;
/** Days back that are told by the name of their weekday. */
const WEEKDAYS = 6;

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const SHORT_DAY = { day: 'numeric', month: 'short' } as const;
const LONG_DAY = { weekday: 'long', day: 'numeric', month: 'long' } as const;

/** `14:03` in the reader's time zone. */
export const clockTime = (words: Words, at: number): string => formatDate(words.language, at, CLOCK);

/** Day, time and time zone, for those who want to know exactly. */
export const exactTime = (words: Words, at: number): string =>
  formatDate(words.language, at, { ...LONG_DAY, year: 'numeric', ...CLOCK, second: '2-digit', timeZoneName: 'short' });

/** The day a message belongs to, as a key that changes at the reader's midnight. */
export function dayKey(at: number): string {
  const day = new Date(at);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].join('-');
}

/** A day for a heading: Today, Yesterday, else its date. */
export function dayLabel(words: Words, at: number, now: number): string {
  const near = nearDay(words, at, now);
  if (near !== null) return capitalise(words.language, near);
  return formatDate(
    words.language,
    at,
    sameYear(at, now) ? LONG_DAY : { day: 'numeric', month: 'long', year: 'numeric' },
  );
}

/** A time for a list row: the clock today, the weekday within six days, else the date. */
export function shortTime(words: Words, at: number, now: number): string {
  const age = daysBetween(at, now);
  if (age === 0) return clockTime(words, at);
  if (age > 0 && age < WEEKDAYS) return formatDate(words.language, at, { weekday: 'short' });
  return shortDay(words, at, now);
}

/** Day and clock time in a sentence: `today at 14:03`, `20 Nov at 14:03`. */
export function momentText(words: Words, at: number, now: number): string {
  const day = nearDay(words, at, now) ?? shortDay(words, at, now);
  return words.t('common:time.dayAt', { day, time: clockTime(words, at) });
}

/** A remaining time in words, rounded down so that it never promises too much. `ms` in milliseconds. */
export function durationText(words: Words, ms: number): string {
  if (ms < MINUTE) return words.t('common:time.lessThanMinute');
  const amounts: readonly [value: number, unit: string][] =
    ms >= DAYS_FROM
      ? [
          [Math.floor(ms / DAY), 'day'],
          [Math.floor((ms % DAY) / HOUR), 'hour'],
        ]
      : [
          [Math.floor(ms / HOUR), 'hour'],
          [Math.floor((ms % HOUR) / MINUTE), 'minute'],
        ];
  const said = amounts.filter(([value]) => value > 0).map(([value, unit]) => formatUnit(words.language, value, unit));
  return formatList(words.language, said, { type: 'unit', style: 'narrow' });
}

/** Today and yesterday in words; null: another day. */
function nearDay(words: Words, at: number, now: number): string | null {
  const age = daysBetween(at, now);
  return age === 0 || age === 1 ? formatRelative(words.language, -age, 'day') : null;
}

const shortDay = (words: Words, at: number, now: number): string =>
  formatDate(words.language, at, sameYear(at, now) ? SHORT_DAY : { ...SHORT_DAY, year: 'numeric' });

/** How many midnights of the reader lie between; negative: `at` is on a later day. */
const daysBetween = (at: number, now: number): number => Math.round((midnight(now) - midnight(at)) / DAY);

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const sameYear = (a: number, b: number): boolean => new Date(a).getFullYear() === new Date(b).getFullYear();
