import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Timestamp } from 'bson';
import { compareNumbers, DbPointer, Doc, ObjectId, ScopedCode, StoreError, typeRank } from '../values/index.js';
import { exactDecimal, parseDecimal, type Decimal } from '../values/decimal.js';
import type { NumberValue, Value } from '../values/index.js';
import { writeUtf8 } from '../values/utf8.js';

/** Index direction of one field. */
export type Direction = 1 | -1;

/** The indexed fields in order, each ascending (1) or descending (-1). */
export type KeyPattern = readonly (readonly [path: string, direction: Direction])[];

let scratch = Buffer.allocUnsafe(4096);
let at = 0;

/**
 * Encodes one value so that comparing bytes orders like `compareValues` (backwards for direction -1). No encoding is
 * the beginning of another one, so fields of a compound key can follow each other. The first byte is 1 to 127, or 128
 * to 254 when descending, which leaves 0 and 255 free as bounds.
 */
export function encodeKeyValue(value: Value, direction: Direction): Buffer {
  at = 0;
  putDirected(value, direction);
  return taken();
}

/** Encodes the fields of a compound key one after the other. */
export function encodeKey(values: readonly Value[], pattern: KeyPattern): Buffer {
  at = 0;
  for (let i = 0; i < values.length; i++) putDirected(values[i]!, pattern[i]![1]);
  return taken();
}

function putDirected(value: Value, direction: Direction): void {
  const start = at;
  put(value);
  if (direction === -1) for (let i = start; i < at; i++) scratch[i] = ~scratch[i]!;
}

function taken(): Buffer {
  const bytes = Buffer.allocUnsafe(at);
  scratch.copy(bytes, 0, 0, at);
  return bytes;
}

function reserve(count: number): void {
  if (at + count <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + count));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function byte(value: number): void {
  reserve(1);
  scratch[at++] = value;
}

function put(value: Value): void {
  byte(typeRank(value));
  putBody(value);
}

function putBody(value: Value): void {
  if (typeof value === 'string') text(value);
  else if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double) number(value);
  else if (value instanceof Decimal128) number(value);
  else if (value instanceof ObjectId) objectId(value);
  else if (value instanceof Date) time(value.getTime());
  else if (typeof value === 'boolean') byte(value ? 1 : 0);
  else if (value instanceof Doc) fields(value);
  else if (Array.isArray(value)) elements(value);
  else if (value !== null) rareBody(value);
}

function rareBody(value: Value): void {
  if (value instanceof Binary) binary(value);
  else if (value instanceof Timestamp) uint64(BigInt.asUintN(64, value.toBigInt()));
  else if (value instanceof BSONSymbol) text(value.value);
  else if (value instanceof BSONRegExp) {
    text(value.pattern);
    text(value.options);
  } else if (value instanceof Code) text(value.code);
  else if (value instanceof ScopedCode) {
    text(value.code);
    fields(value.scope);
  } else if (value instanceof DbPointer) {
    uint32(value.namespace.length);
    text(value.namespace);
    objectId(value.id);
  }
}

/** UTF-8 with NUL written as 00 FF and 00 00 at the end, so that a shorter text sorts first. */
function text(value: string): void {
  reserve(value.length * 3 + 2);
  const start = at;
  at += writeUtf8(scratch, value, at);
  if (scratch.subarray(start, at).includes(0)) escapeNuls(start);
  byte(0);
  byte(0);
}

function escapeNuls(start: number): void {
  const plain = Buffer.from(scratch.subarray(start, at));
  at = start;
  for (const unit of plain) {
    byte(unit);
    if (unit === 0) byte(255);
  }
}

function uint32(value: number): void {
  reserve(4);
  at = scratch.writeUInt32BE(value, at);
}

function uint64(value: bigint): void {
  reserve(8);
  at = scratch.writeBigUInt64BE(value, at);
}

function time(milliseconds: number): void {
  const high = Math.floor(milliseconds / 4294967296);
  uint32(high + 0x80000000);
  uint32(milliseconds - high * 4294967296);
}

function objectId(id: ObjectId): void {
  reserve(12);
  id.write(scratch, at);
  at += 12;
}

function binary(value: Binary): void {
  const bytes = value.buffer.subarray(0, value.position);
  uint32(bytes.length);
  byte(value.sub_type);
  reserve(bytes.length);
  scratch.set(bytes, at);
  at += bytes.length;
}

function fields(doc: Doc): void {
  for (const [key, value] of doc) {
    byte(typeRank(value));
    text(key);
    putBody(value);
  }
  byte(0);
}

function elements(values: Value[]): void {
  for (const value of values) put(value);
  byte(0);
}

/**
 * A number is the largest double that is not above it, in sortable form, then 0; or 1 and the rest, for the int64 and
 * Decimal128 values between two doubles. NaN comes before -Infinity.
 */
function number(value: NumberValue): void {
  if (typeof value === 'number') return exactDouble(value);
  if (value instanceof Double) return exactDouble(value.value);
  const decimal = value instanceof Decimal128 ? parseDecimal(value) : { coefficient: value, exponent: 0 };
  if (typeof decimal === 'number') return exactDouble(decimal);
  const below = doubleAtOrBelow(value);
  sortableDouble(below);
  remainder(decimal, below);
}

function exactDouble(value: number): void {
  sortableDouble(value);
  byte(0);
}

function sortableDouble(value: number): void {
  reserve(8);
  if (Number.isNaN(value)) scratch.fill(0, at, at + 8);
  else {
    scratch.writeDoubleBE(value === 0 ? 0 : value, at);
    if (value < 0) for (let i = at; i < at + 8; i++) scratch[i] = ~scratch[i]!;
    else scratch[at] = scratch[at]! | 0x80;
  }
  at += 8;
}

function doubleAtOrBelow(value: bigint | Decimal128): number {
  const near = Number(value.toString());
  if (!Number.isFinite(near))
    throw new StoreError(67, `A Decimal128 outside the range of a double cannot be indexed: ${value.toString()}`);
  return compareNumbers(near, value) > 0 ? neighbour(near, -1n) : near;
}

const bits = new DataView(new ArrayBuffer(8));

/** The next double below (-1) or above (1). */
function neighbour(value: number, towards: 1n | -1n): number {
  if (value === 0) return towards === 1n ? Number.MIN_VALUE : -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? towards : -towards));
  return bits.getFloat64(0);
}

/** The distance to `below` in units of the gap to the next double, as decimal digits: it is always a finite fraction. */
function remainder(value: Decimal, below: number): void {
  const base = exactDecimal(below);
  const exponent = Math.min(value.exponent, base.exponent);
  const rest = scaled(value, exponent) - scaled(base, exponent);
  if (rest === 0n) return byte(0);
  byte(1);
  const gap = exactDecimal(neighbour(below, 1n) - below);
  const digits = fraction(rest, exponent, gap);
  reserve(digits.length + 1);
  for (const digit of digits) byte(Number(digit) + 1);
  byte(0);
}

function scaled(value: Decimal, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent);
}

/** rest × 10^exponent ÷ gap, which is below 1, as the digits after the point. */
function fraction(rest: bigint, exponent: number, gap: Decimal): string {
  let numerator = rest * 10n ** BigInt(Math.max(exponent - gap.exponent, 0));
  const denominator = gap.coefficient * 10n ** BigInt(Math.max(gap.exponent - exponent, 0));
  let digits = '';
  while (numerator !== 0n) {
    numerator *= 10n;
    digits += String(numerator / denominator);
    numerator %= denominator;
  }
  return digits;
}
