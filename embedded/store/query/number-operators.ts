import { isNumber, StoreError, toDouble, type Value } from '../values/index.js';
import type { Test } from './reach.js';

/** A number cut to an integer, as `$mod` reads it; undefined for NaN, infinities and everything else. */
function truncated(value: Value | undefined): bigint | undefined {
  if (!isNumber(value)) return undefined;
  if (typeof value === 'bigint') return value;
  const number = toDouble(value);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}

/** `$mod: [divisor, remainder]`, both cut to integers. Throws StoreError 2 when malformed. */
export function modulo(argument: Value): Test {
  if (!Array.isArray(argument)) throw new StoreError(2, 'malformed mod, needs to be an array');
  if (argument.length < 2) throw new StoreError(2, 'malformed mod, not enough elements');
  if (argument.length > 2) throw new StoreError(2, 'malformed mod, too many elements');
  const divisor = truncated(argument[0]);
  const remainder = truncated(argument[1]);
  if (divisor === undefined) throw new StoreError(2, 'malformed mod, divisor not a number');
  if (remainder === undefined) throw new StoreError(2, 'malformed mod, remainder not a number');
  if (divisor === 0n) throw new StoreError(2, 'divisor cannot be 0');
  return (value) => {
    const whole = truncated(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

/** `$size`: the exact length of an array. Throws StoreError 2 for anything but a whole number of 0 or more. */
export function sizeOf(argument: Value): Test {
  const shown = `$size: ${String(argument)}`;
  if (!isNumber(argument)) throw new StoreError(2, `Failed to parse $size. Expected a number in: ${shown}`);
  const size = toDouble(argument);
  if (!Number.isInteger(size)) throw new StoreError(2, `Failed to parse $size. Expected an integer: ${shown}`);
  if (size < 0) throw new StoreError(2, `Failed to parse $size. Expected a non-negative number in: ${shown}`);
  return (value) => Array.isArray(value) && value.length === size;
}
