/** Formatters are costly to make, so each is made once. */
const made = new Map<string, unknown>();

function once<T>(kind: string, locale: string, options: object, make: () => T): T {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  const held = made.get(key);
  if (held !== undefined) return held as T;
  const formatter = make();
  made.set(key, formatter);
  return formatter;
}

/** A date or time in the reader's time zone. `at` in milliseconds. */
export const formatDate = (locale: string, at: number, options: Intl.DateTimeFormatOptions): string =>
  once('date', locale, options, () => new Intl.DateTimeFormat(locale, options)).format(at);

export const formatNumber = (locale: string, value: number, options: Intl.NumberFormatOptions = {}): string =>
  once('number', locale, options, () => new Intl.NumberFormat(locale, options)).format(value);

/** An amount with its unit, as in `3 hrs`. */
export const formatUnit = (
  locale: string,
  value: number,
  unit: string,
  options: Intl.NumberFormatOptions = {},
): string => formatNumber(locale, value, { style: 'unit', unit, unitDisplay: 'short', ...options });

/** A distance in time, in words where the language has some: `yesterday`, `in 3 days`. */
export const formatRelative = (locale: string, value: number, unit: Intl.RelativeTimeFormatUnit): string =>
  once('relative', locale, {}, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(value, unit);

export const formatList = (locale: string, items: readonly string[], options: Intl.ListFormatOptions = {}): string =>
  once('list', locale, options, () => new Intl.ListFormat(locale, options)).format(items);

/** A text with a capital letter in front, where the language has such. */
export const capitalise = (locale: string, text: string): string => {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(locale) + rest.join('');
};
