import { BSONRegExp, Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { isRow, type Case, type Outcome, type Row } from './case.js';

/** Values later than this can only be the time of the run. */
const NOT_GENERATED = Date.UTC(2026, 0, 1);

/**
 * An outcome as text that is equal when two implementations agree: number types and the order of fields do not count,
 * doubles to 12 digits, the current time as a word, and `$addToSet` in no order.
 */
export function normal(question: Case, outcome: Outcome): string {
  if (!('value' in outcome)) return 'refused' in outcome ? 'refused' : 'silent';
  const { value } = outcome;
  if (question.kind === 'distinct' && Array.isArray(value)) return unordered(value as unknown[]);
  return text(value);
}

function unordered(list: unknown[]): string {
  return `{${list
    .map((element) => text(element))
    .sort()
    .join()}}`;
}

function text(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${(value as unknown[]).map((element) => text(element)).join()}]`;
  if (value instanceof Date) return value.getTime() > NOT_GENERATED ? 'now' : `date ${value.getTime()}`;
  if (value instanceof ObjectId) return `id ${value.toHexString()}`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof RegExp) return `/${value.source}/${value.flags}`;
  if (isRow(value)) return fields(value);
  return numeral(value);
}

function fields(row: Row): string {
  const parts = Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const shown = key.startsWith('addToSet') && Array.isArray(value) ? unordered(value as unknown[]) : text(value);
      return `${key}:${shown}`;
    });
  return `{${parts.sort().join()}}`;
}

function numeral(value: unknown): string {
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : numberOf(value);
  if (number === undefined) return `other ${String(value)}`;
  return Number.isFinite(number) ? String(Number(number.toPrecision(12)) + 0) : String(number);
}

/** The nearest double of a BSON number; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof Double || value instanceof Int32) return value.value;
  return value instanceof Long || value instanceof Decimal128 ? Number(value.toString()) : undefined;
}

/** How two answers differ, which stays the same while a case is made smaller; undefined when they agree. */
export function difference(question: Case, our: Outcome, their: Outcome): string | undefined {
  if ('silent' in their) return undefined;
  if ('refused' in our) return 'refused' in their ? undefined : `we refuse ${our.code}`;
  if ('refused' in their) return 'they refuse';
  if (normal(question, our) === normal(question, their)) return undefined;
  return 'value';
}
