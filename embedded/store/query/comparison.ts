import {
  BSONRegExp,
  BSONSymbol,
  compareNumbers,
  compareValues,
  Decimal128,
  Double,
  isNumber,
  MaxKey,
  MinKey,
  ObjectId,
  StoreError,
  typeRank,
  Undefined,
  type Value,
} from '../values/index.js';
import type { Test } from './reach.js';
import { compileRegex } from './regex.js';

/** Equality as `{ field: value }` means it: null also matches a missing field, numbers compare across types. */
export function equalTo(wanted: Value): Test {
  if (wanted instanceof Undefined) throw new StoreError(2, 'cannot compare to undefined');
  if (wanted === null) return (value) => value === undefined || value === null || value instanceof Undefined;
  if (typeof wanted === 'string') return (value) => value === wanted || sameSymbol(value, wanted);
  if (typeof wanted === 'boolean') return (value) => value === wanted;
  if (wanted instanceof ObjectId) return (value) => value instanceof ObjectId && value.equals(wanted);
  if (isNumber(wanted)) return (value) => value === wanted || (isNumber(value) && compareNumbers(value, wanted) === 0);
  return (value) => value !== undefined && compareValues(value, wanted) === 0;
}

function sameSymbol(value: Value | undefined, wanted: string): boolean {
  return typeof value === 'object' && value instanceof BSONSymbol && value.value === wanted;
}

const RANGES = {
  $gt: (order: number) => order > 0,
  $gte: (order: number) => order >= 0,
  $lt: (order: number) => order < 0,
  $lte: (order: number) => order <= 0,
};

/** The four range operators. */
export type RangeOperator = keyof typeof RANGES;

/** True for `$gt`, `$gte`, `$lt` and `$lte`. */
export function isRangeOperator(name: string): name is RangeOperator {
  return Object.hasOwn(RANGES, name);
}

/** A range comparison: only values of the limit's own type can match (manual: "Comparison Query Operators"). */
export function inRange(operator: RangeOperator, limit: Value, path: string): Test {
  if (limit instanceof Undefined) throw new StoreError(2, 'cannot compare to undefined');
  if (limit instanceof BSONRegExp)
    throw new StoreError(2, `Can't have RegEx as arg to predicate over field '${path}'.`);
  const accepts = RANGES[operator];
  if (limit === null) return accepts(0) ? equalTo(null) : () => false;
  if (limit instanceof MinKey || limit instanceof MaxKey) {
    return (value) => accepts(compareValues(value ?? null, limit));
  }
  if (isNaN(limit)) return accepts(0) ? isNaN : () => false;
  const rank = typeRank(limit);
  return (value) =>
    value !== undefined && typeRank(value) === rank && !isNaN(value) && accepts(compareValues(value, limit));
}

/** True for NaN of either floating type. */
function isNaN(value: Value | undefined): boolean {
  if (typeof value === 'number') return value !== value;
  if (typeof value !== 'object') return false;
  if (value instanceof Double) return Number.isNaN(value.value);
  return value instanceof Decimal128 && value.toString() === 'NaN';
}

/** `$in`: equal to one of the values, or matching one of the regular expressions. */
export function oneOf(values: Value[]): Test {
  const expressions = values.filter((value) => value instanceof BSONRegExp).map(compileRegex);
  const texts = new Set<Value | undefined>(values.filter((value) => typeof value === 'string'));
  const others = values.filter((value) => typeof value !== 'string' && !(value instanceof BSONRegExp));
  const equal = others.length > FEW ? amongSorted(others) : anyTest(others.map(equalTo));
  const matches = anyTest(expressions);
  return (value) => {
    if (typeof value === 'string') return texts.has(value) || matches(value);
    return equal(value) || (value instanceof BSONSymbol && texts.has(value.value)) || matches(value);
  };
}

/** Up to this many values a loop beats a binary search. */
const FEW = 6;

function anyTest(tests: Test[]): Test {
  return (value) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(value)) return true;
    return false;
  };
}

function amongSorted(values: Value[]): Test {
  const missing = values.includes(null) ? equalTo(null) : () => false;
  if (values.some((value) => value instanceof Undefined)) throw new StoreError(2, 'cannot compare to undefined');
  const sorted = values.filter((value) => value !== null).sort(compareValues);
  return (value) => missing(value) || (value !== undefined && holds(sorted, value));
}

function holds(sorted: readonly Value[], value: Value): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareValues(sorted[middle]!, value);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
