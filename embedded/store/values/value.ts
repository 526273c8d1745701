import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, Timestamp } from 'bson';
import { Doc, ScopedCode, Undefined, type NumberValue, type Value } from './doc.js';
import { ObjectId } from './object-id.js';

export { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, Timestamp };

/** BSON type numbers (bsonspec.org). */
export const TYPE = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

/** True when a JavaScript number is written as an int32. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && (value !== 0 || 1 / value > 0);
}

/** True for int32, int64, double and Decimal128. */
export function isNumber(value: Value | undefined): value is NumberValue {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'object' && (value instanceof Double || value instanceof Decimal128))
  );
}

/** A double: wrapped when the bare number would be written as an int32. */
export function double(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

/** The BSON type number of a value. */
export function typeCode(value: Value): number {
  switch (typeof value) {
    case 'string':
      return TYPE.string;
    case 'number':
      return isInt32(value) ? TYPE.int : TYPE.double;
    case 'boolean':
      return TYPE.bool;
    case 'bigint':
      return TYPE.long;
    default:
      return value === null ? TYPE.null : objectTypeCode(value);
  }
}

function objectTypeCode(value: Exclude<Value, null | string | number | boolean | bigint>): number {
  if (value instanceof Doc) return TYPE.object;
  if (Array.isArray(value)) return TYPE.array;
  if (value instanceof ObjectId) return TYPE.objectId;
  if (value instanceof Date) return TYPE.date;
  if (value instanceof Double) return TYPE.double;
  if (value instanceof Decimal128) return TYPE.decimal;
  if (value instanceof Binary) return TYPE.binData;
  if (value instanceof BSONRegExp) return TYPE.regex;
  if (value instanceof Timestamp) return TYPE.timestamp;
  if (value instanceof Undefined) return TYPE.undefined;
  if (value instanceof MinKey) return TYPE.minKey;
  if (value instanceof MaxKey) return TYPE.maxKey;
  if (value instanceof Code) return TYPE.javascript;
  if (value instanceof ScopedCode) return TYPE.javascriptWithScope;
  if (value instanceof BSONSymbol) return TYPE.symbol;
  return TYPE.dbPointer;
}

/** The type's name as `$type` and error messages spell it ("int", "objectId", ...). */
export function typeName(value: Value): string {
  return NAMES.get(typeCode(value))!;
}
