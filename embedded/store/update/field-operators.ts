import {
  arithmetic,
  compareValues,
  Decimal128,
  Doc,
  Double,
  identicalValues,
  isIntegral,
  isNumber,
  StoreError,
  typeName,
  type ArithmeticOperation,
  type NumberValue,
  type Value,
} from '../values/index.js';
import { always, type UpdateOperator } from './operator.js';

const set: UpdateOperator = (value) => always(true, (old) => (same(old, value) ? old : value));

function same(old: Value | undefined, value: Value): boolean {
  return old !== undefined && identicalValues(old, value);
}

const setOnInsert: UpdateOperator = (value) => ({
  create: true,
  change: ({ isInsert }) => (isInsert ? (old) => (same(old, value) ? old : value) : undefined),
});

const unset: UpdateOperator = () => always(false, () => undefined);

/** `$inc` and `$mul`; a missing field counts as 0. */
function numeric(name: string, operation: ArithmeticOperation, verb: string): UpdateOperator {
  return (amount, path) => {
    if (!isNumber(amount))
      throw new StoreError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${shown(amount)}}`);
    return always(true, (old) => {
      if (old === undefined) return operation === 'add' ? amount : zeroLike(amount);
      if (!isNumber(old)) {
        const problem = `Cannot apply ${name} to a value of non-numeric type.`;
        throw new StoreError(14, `${problem} The field '${path}' is of non-numeric type ${typeName(old)}`);
      }
      const result = arithmetic(operation, old, amount);
      if (result === undefined) {
        throw new StoreError(2, `Failed to apply ${name} operations to current value (${shown(old)}) of '${path}'`);
      }
      return same(old, result) ? old : result;
    });
  };
}

function zeroLike(amount: NumberValue): NumberValue {
  if (amount instanceof Decimal128) return Decimal128.fromString('0');
  if (typeof amount === 'bigint') return 0n;
  return isIntegral(amount) ? 0 : new Double(0);
}

function shown(value: Value): string {
  return typeof value === 'object' ? typeName(value) : JSON.stringify(value, (_key, part: unknown) => String(part));
}

function extreme(wins: (order: number) => boolean): UpdateOperator {
  return (value) => always(true, (old) => (old === undefined || wins(compareValues(value, old)) ? value : old));
}

const currentDate: UpdateOperator = (argument, path) => {
  const type = currentDateType(argument, path);
  return {
    create: true,
    change:
      ({ now, timestamp }) =>
      () =>
        type === 'date' ? now : timestamp(),
  };
};

function currentDateType(argument: Value, path: string): 'date' | 'timestamp' {
  if (typeof argument === 'boolean') return 'date';
  if (!(argument instanceof Doc)) {
    const advice = "Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).";
    throw new StoreError(2, `${typeName(argument)} is not valid type for $currentDate. ${advice}`);
  }
  const type = argument.get('$type');
  if (argument.size === 1 && type === 'date') return 'date';
  if (argument.size === 1 && type === 'timestamp') return 'timestamp';
  throw new StoreError(2, `The '$type' string field of $currentDate is required to be 'date' or 'timestamp': ${path}`);
}

const bit: UpdateOperator = (argument, path) => {
  if (!(argument instanceof Doc) || argument.size === 0) {
    throw new StoreError(
      2,
      `The $bit modifier is not compatible with this argument for '${path}': use {and|or|xor: number}`,
    );
  }
  const steps = [...argument].map(([name, operand]) => bitStep(name, operand));
  return always(true, (old) => {
    const start = old === undefined ? 0 : old;
    if (!isNumber(start) || !isIntegral(start)) {
      throw new StoreError(
        2,
        `Cannot apply $bit to a value of non-integral type: '${path}' is of type ${typeName(start)}`,
      );
    }
    const result = steps.reduce((value, step) => step(value), start);
    return same(old, result) ? old : result;
  });
};

type Integer = number | bigint;

const BITWISE: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function bitStep(name: string, operand: Value): (value: Integer) => Integer {
  const apply = Object.hasOwn(BITWISE, name) ? BITWISE[name] : undefined;
  if (apply === undefined) {
    throw new StoreError(
      2,
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator`,
    );
  }
  if (!isNumber(operand) || !isIntegral(operand)) {
    throw new StoreError(
      2,
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here`,
    );
  }
  return (value) => {
    const result = apply(BigInt(value), BigInt(operand));
    return typeof value === 'bigint' || typeof operand === 'bigint' ? result : Number(result);
  };
}

/** Operators that look at one field and not inside arrays. */
export const fieldOperators: Record<string, UpdateOperator> = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset,
  $inc: numeric('$inc', 'add', 'increment'),
  $mul: numeric('$mul', 'multiply', 'multiply'),
  $min: extreme((order) => order < 0),
  $max: extreme((order) => order > 0),
  $currentDate: currentDate,
  $bit: bit,
};
