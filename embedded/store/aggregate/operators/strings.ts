import { BSONSymbol, isNumber, StoreError, Timestamp, toDouble, typeName, type Value } from '../../values/index.js';
import { formatDouble } from '../convert.js';
import { fixed, isNullish, variadic, type OperatorCompiler } from '../evaluate.js';

/** Text of a value where strings are expected: null gives nothing, dates their ISO form. Throws StoreError 16007. */
function coerced(value: Value | undefined): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Date) return value.toISOString();
  if (isNumber(value))
    return typeof value === 'number' || typeof value === 'bigint' ? formatDouble(value) : value.toString();
  if (value instanceof Timestamp) return value.toString();
  throw new StoreError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

function required(value: Value | undefined, code: number, message: string): string {
  if (typeof value === 'string') return value;
  throw new StoreError(code, `${message}, found: ${value === undefined ? 'missing' : typeName(value)}`);
}

function wholeNumber(value: Value | undefined, code: number, what: string): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (Number.isInteger(number)) return number;
  throw new StoreError(
    code,
    `${what} must be a numeric type (is BSON type ${value === undefined ? 'missing' : typeName(value)})`,
  );
}

const concat = variadic((values) => {
  let text = '';
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string')
      throw new StoreError(16702, `$concat only supports strings, not ${typeName(value!)}`);
    text += value;
  }
  return text;
});

/** A to Z only, as the manual says of `$toLower` and `$toUpper`. */
const toLower = fixed(1, ([value]) => coerced(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
const toUpper = fixed(1, ([value]) => coerced(value).replace(/[a-z]/g, (letter) => letter.toUpperCase()));

const substrCP = fixed(3, ([value, start, count], name) => {
  const text = [...coerced(value)];
  const from = wholeNumber(start, 34450, `${name}: starting index`);
  const length = wholeNumber(count, 34452, `${name}: length`);
  if (from < 0) throw new StoreError(34455, `${name}: the starting index must be nonnegative integer.`);
  if (length < 0) throw new StoreError(34454, `${name}: length must be a nonnegative integer.`);
  return text.slice(from, from + length).join('');
});

const strLenCP = fixed(1, ([value]) => {
  const text = required(value, 34471, '$strLenCP requires a string argument');
  return [...text].length;
});

const split = fixed(2, ([value, separator]) => {
  if (isNullish(value) || isNullish(separator)) return null;
  const text = required(value, 40085, '$split requires an expression that evaluates to a string as a first argument');
  const by = required(
    separator,
    40086,
    '$split requires an expression that evaluates to a string as a second argument',
  );
  if (by === '') throw new StoreError(40087, '$split requires a non-empty separator');
  return text.split(by);
});

/** String operators. */
export const stringOperators: Record<string, OperatorCompiler> = {
  $concat: concat,
  $toLower: toLower,
  $toUpper: toUpper,
  $substrCP: substrCP,
  $strLenCP: strLenCP,
  $split: split,
};
