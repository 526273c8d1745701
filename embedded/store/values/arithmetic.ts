import { type NumberValue } from './doc.js';
import { Decimal128, Double } from 'bson';
import { doubleToDecimal, exactDecimal, parseDecimal, toDecimal128, type Decimal } from './decimal.js';
import { double, isInt32 } from './value.js';

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** The nearest double of any number. */
export function toDouble(value: NumberValue): number {
  if (typeof value === 'number') return value;
  return value instanceof Double ? value.value : Number(value.toString());
}

/** True for int32 and int64. */
export function isIntegral(value: NumberValue): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
}

/** Writes an integer as int32 when `wide` is false and it fits, as int64 when that fits, else gives undefined. */
export function integer(value: bigint, wide: boolean): number | bigint | undefined {
  const small = Number(value);
  if (!wide && isInt32(small)) return small;
  return value >= MIN_LONG && value <= MAX_LONG ? value : undefined;
}

/** The three operations whose result type follows the wider operand. */
export type ArithmeticOperation = 'add' | 'subtract' | 'multiply';

const ON_DOUBLES: Record<ArithmeticOperation, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

const ON_INTEGERS: Record<ArithmeticOperation, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

/**
 * Arithmetic with MongoDB's result types: decimal over double over int64 over int32, an int32 overflow becomes int64.
 * Undefined when an int64 overflows: what follows differs between updates (an error) and expressions (a double).
 */
export function arithmetic(operation: ArithmeticOperation, a: NumberValue, b: NumberValue): NumberValue | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalArithmetic(operation, a, b);
  if (!isIntegral(a) || !isIntegral(b)) return double(ON_DOUBLES[operation](toDouble(a), toDouble(b)));
  if (typeof a === 'number' && typeof b === 'number') {
    const result = ON_DOUBLES[operation](a, b) + 0;
    if (isInt32(result)) return result;
  }
  return integer(ON_INTEGERS[operation](BigInt(a), BigInt(b)), typeof a === 'bigint' || typeof b === 'bigint');
}

function decimalArithmetic(operation: ArithmeticOperation, a: NumberValue, b: NumberValue): Decimal128 {
  const left = decimalOperand(a);
  const right = decimalOperand(b);
  if (typeof left === 'number' || typeof right === 'number') {
    return toDecimal128(ON_DOUBLES[operation](approximate(left), approximate(right)));
  }
  return toDecimal128(operation === 'multiply' ? product(left, right) : sum(left, right, operation));
}

/** A number as a decimal, a double rounded to 15 digits as MongoDB does; NaN and infinities stay numbers. */
export function decimalOperand(value: NumberValue): Decimal | number {
  if (value instanceof Decimal128) return parseDecimal(value);
  return isIntegral(value) ? exactDecimal(value) : doubleToDecimal(toDouble(value));
}

/** Only the sign and finiteness count beside NaN or an infinity. */
function approximate(value: Decimal | number): number {
  return typeof value === 'number' ? value : Number(value.coefficient > 0n) - Number(value.coefficient < 0n);
}

function product(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

function sum(a: Decimal, b: Decimal, operation: ArithmeticOperation): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const right = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return { coefficient: ON_INTEGERS[operation](left, right), exponent };
}
