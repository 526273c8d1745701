import {
  arithmetic,
  Decimal128,
  decimalOperand,
  divideDecimals,
  double,
  exactDecimal,
  integer,
  isIntegral,
  isNumber,
  remainderOf,
  roundDecimal,
  StoreError,
  toDecimal128,
  toDouble,
  typeName,
  type ArithmeticOperation,
  type NumberValue,
  type Value,
} from '../../values/index.js';
import { fixed, isNullish, variadic, type OperatorCompiler } from '../evaluate.js';

function shownType(value: Value | undefined): string {
  return value === undefined ? 'missing' : typeName(value);
}

/** An int64 overflow becomes a double in expressions. */
function compute(operation: ArithmeticOperation, a: NumberValue, b: NumberValue): NumberValue {
  const exact = arithmetic(operation, a, b);
  if (exact !== undefined) return exact;
  const [left, right] = [toDouble(a), toDouble(b)];
  return double(operation === 'add' ? left + right : operation === 'subtract' ? left - right : left * right);
}

const add = variadic((values) => {
  let total: NumberValue = 0;
  let base: Date | undefined;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (base !== undefined) throw new StoreError(16612, 'only one date allowed in an $add expression');
      base = value;
    } else if (isNumber(value)) total = compute('add', total, value);
    else throw new StoreError(14, `$add only supports numeric or date types, not ${shownType(value)}`);
  }
  return base === undefined ? total : shifted(base, Math.round(toDouble(total)));
});

function shifted(date: Date, milliseconds: number): Date {
  const time = date.getTime() + milliseconds;
  if (Number.isNaN(new Date(time).getTime())) throw new StoreError(15, 'date overflow');
  return new Date(time);
}

const subtract = fixed(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (isNumber(a) && isNumber(b)) return compute('subtract', a, b);
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return shifted(a, -Math.trunc(toDouble(b)));
  throw new StoreError(14, `can't $subtract ${shownType(b)} from ${shownType(a)}`);
});

const multiply = variadic((values) => {
  let total: NumberValue = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw new StoreError(14, `$multiply only supports numeric types, not ${shownType(value)}`);
    total = compute('multiply', total, value);
  }
  return total;
});

const divide = fixed(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new StoreError(14, `$divide only supports numeric types, not ${shownType(a)} and ${shownType(b)}`);
  }
  if (toDouble(b) === 0) throw new StoreError(2, "can't $divide by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128) return divideDecimals(decimalOperand(a), decimalOperand(b));
  return double(toDouble(a) / toDouble(b));
});

const modulo = fixed(2, ([a, b]) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new StoreError(16611, `$mod only supports numeric types, not ${shownType(a)} and ${shownType(b)}`);
  }
  if (toDouble(b) === 0) throw new StoreError(16610, "can't $mod by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128) return remainderOf(decimalOperand(a), decimalOperand(b));
  if (!isIntegral(a) || !isIntegral(b)) return double(toDouble(a) % toDouble(b));
  return integer(BigInt(a) % BigInt(b), typeof a === 'bigint' || typeof b === 'bigint');
});

/** One number in, one number out; null for null, StoreError 28765 for anything else. */
function unary(apply: (value: NumberValue) => NumberValue): OperatorCompiler {
  return fixed(1, ([value], name) => {
    if (isNullish(value)) return null;
    if (isNumber(value)) return apply(value);
    throw new StoreError(28765, `${name} only supports numeric types, not ${shownType(value)}`);
  });
}

function absolute(value: NumberValue): NumberValue {
  if (value instanceof Decimal128) return Decimal128.fromString(value.toString().replace(/^-/, ''));
  if (!isIntegral(value)) return double(Math.abs(toDouble(value)));
  const result =
    typeof value === 'bigint' ? integer(value < 0n ? -value : value, true) : compute('add', Math.abs(value), 0);
  if (result === undefined) throw new StoreError(28680, "can't take $abs of long long min");
  return result === 2147483648 ? 2147483648n : result;
}

/** Rounds a double or decimal to a number of places; integers have none after the point. */
function toPlaces(value: NumberValue, places: number, rounding: Rounding): NumberValue {
  if (isIntegral(value)) return places >= 0 ? value : roundedInteger(value, places, rounding);
  const operand = value instanceof Decimal128 ? decimalOperand(value) : toDouble(value);
  if (typeof operand === 'number' && !Number.isFinite(operand)) return value;
  const rounded = roundDecimal(typeof operand === 'number' ? exactDecimal(operand) : operand, places, rounding);
  if (value instanceof Decimal128) return toDecimal128(rounded);
  const number = Number(`${rounded.coefficient}e${rounded.exponent}`);
  return double(number === 0 && toDouble(value) < 0 ? -0 : number);
}

type Rounding = Parameters<typeof roundDecimal>[2];

function roundedInteger(value: number | bigint, places: number, rounding: Rounding): NumberValue {
  const { coefficient, exponent } = roundDecimal(exactDecimal(value), places, rounding);
  const result = integer(coefficient * 10n ** BigInt(exponent), typeof value === 'bigint');
  if (result === undefined) throw new StoreError(51080, 'invalid conversion from Decimal128 result after rounding');
  return result;
}

/** `$round` and `$trunc`, which take a number of places from -20 to 100. */
function withPlaces(rounding: Rounding): OperatorCompiler {
  return (argument, compile, name) => {
    const list = Array.isArray(argument) ? argument : [argument];
    if (list.length < 1 || list.length > 2) {
      throw new StoreError(
        28667,
        `Expression ${name} takes at least 1 arguments, and at most 2, but ${list.length} were passed in.`,
      );
    }
    const [input, places] = list.map((part) => compile(part));
    return (doc, variables) => {
      const value = input!(doc, variables);
      const wanted = places === undefined ? 0 : places(doc, variables);
      if (isNullish(value) || isNullish(wanted)) return null;
      if (!isNumber(value)) throw new StoreError(51081, `${name} only supports numeric types, not ${shownType(value)}`);
      return toPlaces(value, placesOf(wanted, name), rounding);
    };
  };
}

function placesOf(value: Value | undefined, name: string): number {
  const places = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(places)) throw new StoreError(51082, `precision argument to ${name} must be a integral value`);
  if (places < -20 || places > 100) {
    throw new StoreError(51083, `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`);
  }
  return places;
}

/** `$add` and the other numeric operators. */
export const arithmeticOperators: Record<string, OperatorCompiler> = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: divide,
  $mod: modulo,
  $abs: unary(absolute),
  $floor: unary((value) => toPlaces(value, 0, 'floor')),
  $ceil: unary((value) => toPlaces(value, 0, 'ceil')),
  $round: withPlaces('halfEven'),
  $trunc: withPlaces('truncate'),
};
