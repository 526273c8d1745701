import dayjs from 'dayjs';
import { strings } from '../strings.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS_FROM = 2 * DAY;

/** `14:03` in the reader's time zone. */
export const clockTime = (at: number): string => dayjs(at).format('HH:mm');

/** The day a message belongs to, as a key that changes at the reader's midnight. */
export const dayKey = (at: number): string => dayjs(at).format('YYYY-MM-DD');

/** A day for a heading: Today, Yesterday, else its date. */
export function dayLabel(at: number, now: number): string {
  const day = dayjs(at);
  if (day.isSame(now, 'day')) return strings.thread.today;
  if (day.isSame(dayjs(now).subtract(1, 'day'), 'day')) return strings.thread.yesterday;
  return day.format(day.isSame(now, 'year') ? 'dddd, D MMMM' : 'D MMMM YYYY');
}

/** A time for a list row: the clock today, the weekday within six days, else the date. */
export function shortTime(at: number, now: number): string {
  const day = dayjs(at);
  if (day.isSame(now, 'day')) return day.format('HH:mm');
  if (at < now && day.isAfter(dayjs(now).startOf('day').subtract(6, 'day'))) return day.format('ddd');
  return day.format(day.isSame(now, 'year') ? 'D MMM' : 'D MMM YYYY');
}

/** Day and clock time in a sentence: `today at 14:03`, `20 Nov at 14:03`. */
export function momentText(at: number, now: number): string {
  const day = dayjs(at);
  const sameYear = day.isSame(now, 'year');
  const near = day.isSame(now, 'day') || day.isSame(dayjs(now).subtract(1, 'day'), 'day');
  const date = near ? dayLabel(at, now).toLowerCase() : day.format(sameYear ? 'D MMM' : 'D MMM YYYY');
  return strings.window.at(date, day.format('HH:mm'));
}

/** A remaining time in words, rounded down so that it never promises too much. `ms` in milliseconds. */
export function durationText(ms: number): string {
  if (ms >= DAYS_FROM) return strings.window.days(Math.floor(ms / DAY), Math.floor((ms % DAY) / HOUR));
  if (ms >= HOUR) return strings.window.hours(Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE));
  if (ms >= MINUTE) return strings.window.minutes(Math.floor(ms / MINUTE));
  return strings.window.lessThanMinute;
}
