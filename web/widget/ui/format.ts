import { STRINGS } from '../strings.js';
import { sameDay } from '../core/timeline.js';

const DAY = 24 * 60 * 60_000;

/** The page's language if it names one, else the browser's. */
const locale = (): string | undefined => document.documentElement.lang || undefined;

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  try {
    return new Date(at).toLocaleString(locale(), options);
  } catch {
    return new Date(at).toLocaleString(undefined, options); // The page names a language that does not exist.
  }
}

/** Hour and minute of a time in milliseconds since the epoch, as the language writes them. */
export const clock = (at: number): string => format(at, { timeStyle: 'short' });

/** Date and time in full, for tooltips. */
export const moment = (at: number): string => format(at, { dateStyle: 'full', timeStyle: 'short' });

/** The name of a day as seen from `now`, milliseconds since the epoch. */
export function dayName(at: number, now: number = Date.now()): string {
  if (sameDay(at, now)) return STRINGS.today;
  if (sameDay(at, now - DAY)) return STRINGS.yesterday;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** A file size in bytes for people. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
