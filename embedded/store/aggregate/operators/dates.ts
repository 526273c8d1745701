import { Doc, isNumber, ObjectId, StoreError, Timestamp, toDouble, typeName, type Value } from '../../values/index.js';
import { dayOfYear, formatDate, isoDay, isoWeek, isoWeekYear, week } from '../calendar.js';
import { isNullish, namedArguments, type Compile, type Expression, type OperatorCompiler } from '../evaluate.js';

/** A date, or what holds one. Throws StoreError 16006. */
function dateOf(value: Value | undefined): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.timestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  throw new StoreError(
    16006,
    `can't convert from BSON type ${value === undefined ? 'missing' : typeName(value)} to Date`,
  );
}

const UTC_NAMES = new Set(['UTC', 'GMT', 'Z', '+00:00', '+0000', '+00', 'Etc/UTC']);

/** Accepts UTC only. Throws StoreError 238 for any other time zone. */
function requireUtc(timezone: Value | undefined): void {
  if (isNullish(timezone) || (typeof timezone === 'string' && UTC_NAMES.has(timezone))) return;
  const shown = typeof timezone === 'string' ? timezone : typeName(timezone!);
  throw new StoreError(238, `The time zone '${shown}' is not supported by this store: only UTC is`);
}

/** `{ $year: date }` or `{ $year: { date, timezone } }`. */
function part(read: (date: Date) => number): OperatorCompiler {
  return (argument, compile, name) => {
    const { date, timezone } = partArguments(argument, name, compile);
    return (doc, variables) => {
      const value = date(doc, variables);
      const zone = timezone?.(doc, variables);
      if (isNullish(value) || (timezone !== undefined && isNullish(zone))) return null;
      requireUtc(zone);
      return read(dateOf(value));
    };
  };
}

function partArguments(
  argument: Value,
  name: string,
  compile: Compile,
): { date: Expression; timezone: Expression | undefined } {
  if (argument instanceof Doc && !argument.keys[0]?.startsWith('$')) {
    const named = namedArguments(
      argument,
      name,
      { notObject: 40539, unknown: 40535, missing: 40539 },
      ['date'],
      ['timezone'],
    );
    const timezone = named.get('timezone');
    return { date: compile(named.get('date')!), timezone: timezone === undefined ? undefined : compile(timezone) };
  }
  if (Array.isArray(argument) && argument.length !== 1) {
    throw new StoreError(
      40536,
      `${name} accepts exactly one argument if given an array, but was given ${argument.length}`,
    );
  }
  return { date: compile(Array.isArray(argument) ? argument[0]! : argument), timezone: undefined };
}

function dateToString(argument: Value, compile: Compile): Expression {
  const named = namedArguments(
    argument,
    '$dateToString',
    { notObject: 18629, unknown: 18534, missing: 18628 },
    ['date'],
    ['format', 'timezone', 'onNull'],
  );
  const [date, format, timezone, onNull] = ['date', 'format', 'timezone', 'onNull'].map((key) => {
    const source = named.get(key);
    return source === undefined ? undefined : compile(source);
  });
  return (doc, variables) => {
    const value = date!(doc, variables);
    const pattern = format === undefined ? '%Y-%m-%dT%H:%M:%S.%LZ' : format(doc, variables);
    const zone = timezone?.(doc, variables);
    if (isNullish(value)) return onNull === undefined ? null : onNull(doc, variables);
    if (isNullish(pattern) || (timezone !== undefined && isNullish(zone))) return null;
    requireUtc(zone);
    if (typeof pattern !== 'string')
      throw new StoreError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(pattern!)}`);
    return formatDate(dateOf(value), pattern);
  };
}

const DAY = 86_400_000;
const UNIT_MS: Record<string, number> = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000, day: DAY };
const UNIT_MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 };

/** Bins count from here, those of weeks from the first start of a week on or after it (manual: "$dateTrunc"). */
const REFERENCE = Date.UTC(2000, 0, 1);
const REFERENCE_WEEKDAY = new Date(REFERENCE).getUTCDay();

function truncate(date: Date, unit: string, binSize: number, startOfWeek: number): Date {
  if (unit === 'week') {
    const firstWeek = REFERENCE + ((startOfWeek - REFERENCE_WEEKDAY + 7) % 7) * DAY;
    return binStart(date, firstWeek, 7 * DAY * binSize);
  }
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) {
    const bin = months * binSize;
    const since = (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
    return new Date(Date.UTC(2000, Math.floor(since / bin) * bin, 1));
  }
  return binStart(date, REFERENCE, UNIT_MS[unit]! * binSize);
}

function binStart(date: Date, reference: number, size: number): Date {
  return new Date(reference + Math.floor((date.getTime() - reference) / size) * size);
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function weekday(value: Value | undefined): number {
  if (typeof value !== 'string') throw new StoreError(5439015, "$dateTrunc requires 'startOfWeek' to be a string");
  const name = value.toLowerCase();
  const found = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (found < 0)
    throw new StoreError(
      9,
      `$dateTrunc parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
    );
  return found;
}

function unitOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new StoreError(5439013, "$dateTrunc requires 'unit' to be a string");
  if (value !== 'week' && !Object.hasOwn(UNIT_MS, value) && !Object.hasOwn(UNIT_MONTHS, value)) {
    throw new StoreError(9, `$dateTrunc parameter 'unit' value cannot be recognized as a time unit: ${value}`);
  }
  return value;
}

function binSizeOf(value: Value | undefined): number {
  const size = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(size)) throw new StoreError(5439017, "$dateTrunc requires 'binSize' to be a 64-bit integer");
  if (size <= 0) throw new StoreError(5439018, "$dateTrunc requires 'binSize' to be greater than 0");
  return size;
}

function dateTrunc(argument: Value, compile: Compile): Expression {
  const named = namedArguments(
    argument,
    '$dateTrunc',
    { notObject: 5439007, unknown: 5439008, missing: 5439009 },
    ['date', 'unit'],
    ['binSize', 'timezone', 'startOfWeek'],
  );
  const [date, unit, binSize, timezone, startOfWeek] = ['date', 'unit', 'binSize', 'timezone', 'startOfWeek'].map(
    (key, i) => compile(named.get(key) ?? [null, null, 1, 'UTC', 'sunday'][i]!),
  );
  return (doc, variables) => {
    const values = [date!, unit!, binSize!, timezone!, startOfWeek!].map((each) => each(doc, variables));
    if (values.slice(0, 4).some(isNullish)) return null;
    requireUtc(values[3]);
    const wanted = unitOf(values[1]);
    if (wanted === 'week' && isNullish(values[4])) return null;
    return truncate(dateOf(values[0]), wanted, binSizeOf(values[2]), wanted === 'week' ? weekday(values[4]) : 0);
  };
}

/** Date operators; all of them in UTC. */
export const dateOperators: Record<string, OperatorCompiler> = {
  $year: part((date) => date.getUTCFullYear()),
  $month: part((date) => date.getUTCMonth() + 1),
  $dayOfMonth: part((date) => date.getUTCDate()),
  $hour: part((date) => date.getUTCHours()),
  $minute: part((date) => date.getUTCMinutes()),
  $second: part((date) => date.getUTCSeconds()),
  $millisecond: part((date) => date.getUTCMilliseconds()),
  $dayOfWeek: part((date) => date.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $week: part(week),
  $isoDayOfWeek: part(isoDay),
  $isoWeek: part(isoWeek),
  $isoWeekYear: part(isoWeekYear),
  $dateToString: dateToString,
  $dateTrunc: dateTrunc,
};
