import type { Binary, BSONRegExp, Code, Timestamp } from 'bson';
import { BSONSymbol, Decimal128, Double } from 'bson';
import { compareDecimals, exactDecimal, parseDecimal } from './decimal.js';
import type { DbPointer, Doc, NumberValue, ScopedCode, Value } from './doc.js';
import type { ObjectId } from './object-id.js';
import { isEscape, utf8Bytes } from './utf8.js';
import { TYPE, typeCode } from './value.js';

/** Rank of each type in MongoDB's order (manual: "Comparison/Sort Order"); types of one rank compare by value. */
const RANK: Record<number, number> = {
  [TYPE.minKey]: 1,
  [TYPE.undefined]: 2,
  [TYPE.null]: 5,
  [TYPE.double]: 10,
  [TYPE.int]: 10,
  [TYPE.long]: 10,
  [TYPE.decimal]: 10,
  [TYPE.string]: 15,
  [TYPE.symbol]: 15,
  [TYPE.object]: 20,
  [TYPE.array]: 25,
  [TYPE.binData]: 30,
  [TYPE.objectId]: 35,
  [TYPE.bool]: 40,
  [TYPE.date]: 45,
  [TYPE.timestamp]: 47,
  [TYPE.regex]: 50,
  [TYPE.dbPointer]: 55,
  [TYPE.javascript]: 60,
  [TYPE.javascriptWithScope]: 65,
  [TYPE.maxKey]: 127,
};

/** The rank of a value's type: equal for types that compare with each other, 1 (MinKey) to 127 (MaxKey). */
export function typeRank(value: Value): number {
  switch (typeof value) {
    case 'string':
      return 15;
    case 'number':
    case 'bigint':
      return 10;
    case 'boolean':
      return 40;
    default:
      return value === null ? 5 : RANK[typeCode(value)]!;
  }
}

/** MongoDB's total order over all values; negative, zero or positive. NaN is below every number and equal to itself. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return comparePlain(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  return difference !== 0 ? difference : compareSameRank(rank, a, b);
}

/** True when two values compare as equal: `1`, `1.0` and `Long 1` are. */
export function equalValues(a: Value, b: Value): boolean {
  return a === b || compareValues(a, b) === 0;
}

function compareSameRank(rank: number, a: Value, b: Value): number {
  switch (rank) {
    case 10:
      return compareNumbers(a as NumberValue, b as NumberValue);
    case 15:
      return compareStrings(textOf(a), textOf(b));
    case 20:
      return compareDocs(a as Doc, b as Doc);
    case 25:
      return compareArrays(a as Value[], b as Value[]);
    case 30:
      return compareBinaries(a as Binary, b as Binary);
    case 35:
      return (a as ObjectId).compare(b as ObjectId);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return (a as Date).getTime() - (b as Date).getTime();
    case 47:
      return compareBigints(unsigned(a as Timestamp), unsigned(b as Timestamp));
    case 50:
      return compareRegexes(a as BSONRegExp, b as BSONRegExp);
    case 55:
      return comparePointers(a as DbPointer, b as DbPointer);
    case 60:
      return compareStrings((a as Code).code, (b as Code).code);
    case 65:
      return compareScopedCode(a as ScopedCode, b as ScopedCode);
    default:
      return 0;
  }
}

function comparePlain(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numeric order across the four numeric types, exact. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  const left = a instanceof Double ? a.value : a;
  const right = b instanceof Double ? b.value : b;
  if (typeof left === 'number' && typeof right === 'number') return comparePlain(left, right);
  if (left instanceof Decimal128 || right instanceof Decimal128) return compareWithDecimal(left, right);
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
}

type Plain = number | bigint | Decimal128;

function compareWithDecimal(a: Plain, b: Plain): number {
  const left = a instanceof Decimal128 ? parseDecimal(a) : a;
  const right = b instanceof Decimal128 ? parseDecimal(b) : b;
  const leftSpecial = typeof left === 'number' && !Number.isFinite(left);
  const rightSpecial = typeof right === 'number' && !Number.isFinite(right);
  if (leftSpecial || rightSpecial) return comparePlain(leftSpecial ? left : 0, rightSpecial ? right : 0);
  return compareDecimals(exact(left), exact(right));
}

function exact(value: ReturnType<typeof parseDecimal> | bigint): { coefficient: bigint; exponent: number } {
  return typeof value === 'object' ? value : exactDecimal(value);
}

function textOf(value: Value): string {
  return value instanceof BSONSymbol ? value.value : (value as string);
}

/** Order of the UTF-8 bytes, which is the order of code points: surrogates sort after the rest of the plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    if (isEscape(left) || isEscape(right)) return Buffer.compare(utf8Bytes(a), utf8Bytes(b));
    return left >= 0xd800 && right >= 0xd800 ? surrogateLast(left) - surrogateLast(right) : left - right;
  }
  return a.length - b.length;
}

function surrogateLast(unit: number): number {
  return unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareDocs(a: Doc, b: Doc): number {
  const length = Math.min(a.size, b.size);
  for (let i = 0; i < length; i++) {
    const left = a.values[i]!;
    const right = b.values[i]!;
    const rank = typeRank(left);
    const difference =
      rank - typeRank(right) || compareStrings(a.keys[i]!, b.keys[i]!) || compareSameRank(rank, left, right);
    if (difference !== 0) return difference;
  }
  return a.size - b.size;
}

function compareArrays(a: Value[], b: Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = compareValues(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return (
    a.position - b.position ||
    a.sub_type - b.sub_type ||
    Buffer.compare(a.buffer.subarray(0, a.position), b.buffer.subarray(0, b.position))
  );
}

function unsigned(value: Timestamp): bigint {
  return BigInt.asUintN(64, value.toBigInt());
}

function compareRegexes(a: BSONRegExp, b: BSONRegExp): number {
  return compareStrings(a.pattern, b.pattern) || compareStrings(a.options, b.options);
}

function comparePointers(a: DbPointer, b: DbPointer): number {
  return a.namespace.length - b.namespace.length || compareStrings(a.namespace, b.namespace) || a.id.compare(b.id);
}

function compareScopedCode(a: ScopedCode, b: ScopedCode): number {
  return compareStrings(a.code, b.code) || compareDocs(a.scope, b.scope);
}
