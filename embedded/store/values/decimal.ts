import { Decimal128 } from 'bson';

/** A finite decimal number: coefficient × 10^exponent. */
export interface Decimal {
  coefficient: bigint;
  exponent: number;
}

/** Decimal128 keeps 34 significant digits with exponents from -6176 to 6111 (IEEE 754-2008). */
const DIGITS = 34;
const MIN_EXPONENT = -6176;
const MAX_EXPONENT = 6111;

/** Splits a Decimal128; NaN and the infinities come back as JavaScript numbers. */
export function parseDecimal(value: Decimal128): Decimal | number {
  const text = value.toString();
  const parts = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/.exec(text);
  if (parts === null) return Number(text);
  const fraction = parts[3] ?? '';
  const digits = BigInt(parts[2]! + fraction);
  return { coefficient: parts[1] === '-' ? -digits : digits, exponent: Number(parts[4] ?? 0) - fraction.length };
}

/** A finite double or an integer, exactly (every double is a finite decimal). */
export function exactDecimal(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  let mantissa = value;
  let twos = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    twos++;
  }
  return { coefficient: BigInt(mantissa) * 5n ** BigInt(twos), exponent: -twos };
}

/** Numeric order of two finite decimals. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const shift = a.exponent - b.exponent;
  const left = shift > 0 ? a.coefficient * 10n ** BigInt(shift) : a.coefficient;
  const right = shift < 0 ? b.coefficient * 10n ** BigInt(-shift) : b.coefficient;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A double as Decimal128 the way MongoDB promotes it: rounded to 15 significant digits. */
export function doubleToDecimal(value: number): Decimal | number {
  if (!Number.isFinite(value)) return value;
  return parseDecimal(Decimal128.fromString(value.toPrecision(15)));
}

/** Rounds half to even into the 34 digits of a Decimal128. */
export function toDecimal128(value: Decimal | number): Decimal128 {
  if (typeof value === 'number') return Decimal128.fromString(Number.isNaN(value) ? 'NaN' : String(value));
  const negative = value.coefficient < 0n;
  let digits = negative ? -value.coefficient : value.coefficient;
  let exponent = value.exponent;
  const surplus = Math.max(digits.toString().length - DIGITS, MIN_EXPONENT - exponent, 0);
  if (surplus > 0) {
    digits = roundHalfEven(digits, 10n ** BigInt(surplus));
    exponent += surplus;
  }
  if (digits.toString().length + exponent > DIGITS + MAX_EXPONENT)
    return Decimal128.fromString(negative ? '-Infinity' : 'Infinity');
  return Decimal128.fromString(`${negative ? '-' : ''}${digits}E${exponent}`);
}

function roundHalfEven(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  const twice = (value % unit) * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** Quotient rounded half to even to 34 digits; division by zero gives NaN or an infinity. */
export function divideDecimals(a: Decimal | number, b: Decimal | number): Decimal128 {
  if (typeof a === 'number' || typeof b === 'number') return toDecimal128(plain(a) / plain(b));
  if (b.coefficient === 0n) return toDecimal128(Number(a.coefficient) / 0);
  const spare = DIGITS * 2 + b.coefficient.toString().length;
  const numerator = a.coefficient * 10n ** BigInt(spare);
  let coefficient = numerator / b.coefficient;
  let exponent = a.exponent - b.exponent - spare;
  const exact = numerator % b.coefficient === 0n;
  while (exact && coefficient !== 0n && exponent < a.exponent - b.exponent && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return toDecimal128({
    coefficient: exact ? coefficient : coefficient * 10n + (coefficient < 0n ? -1n : 1n),
    exponent: exact ? exponent : exponent - 1,
  });
}

function plain(value: Decimal | number): number {
  return typeof value === 'number' ? value : Number(`${value.coefficient}e${value.exponent}`);
}

/** The remainder of a truncated division, with the sign of the dividend. */
export function remainderOf(a: Decimal | number, b: Decimal | number): Decimal128 {
  if (typeof a === 'number' || typeof b === 'number') return toDecimal128(plain(a) % plain(b));
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const right = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return toDecimal128({ coefficient: left % right, exponent });
}

/** Rounds to a number of places after the point; negative places round tens, hundreds and so on. */
export function roundDecimal(
  value: Decimal,
  places: number,
  rounding: 'halfEven' | 'truncate' | 'floor' | 'ceil',
): Decimal {
  if (value.exponent >= -places) return value;
  const unit = 10n ** BigInt(-places - value.exponent);
  const { coefficient } = value;
  const cut = coefficient / unit;
  const inexact = coefficient % unit !== 0n;
  if (rounding === 'truncate') return { coefficient: cut, exponent: -places };
  if (rounding === 'floor') return { coefficient: inexact && coefficient < 0n ? cut - 1n : cut, exponent: -places };
  if (rounding === 'ceil') return { coefficient: inexact && coefficient > 0n ? cut + 1n : cut, exponent: -places };
  const rounded = roundHalfEven(coefficient < 0n ? -coefficient : coefficient, unit);
  return { coefficient: coefficient < 0n ? -rounded : rounded, exponent: -places };
}
