import { Decimal128, Double, StoreError, TYPE, typeCode, type Value } from '../values/index.js';
import type { Test } from './reach.js';

const CODES = new Set<number>(Object.values(TYPE));
const NUMBERS = [TYPE.int, TYPE.long, TYPE.double, TYPE.decimal];

/** `$type`: by number, by alias, "number" for all four, or a list of these. */
export function ofType(argument: Value): Test {
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length === 0) throw new StoreError(9, '$type must match at least one type');
  const wanted = new Set(list.flatMap(typeCodes));
  return (value) => value !== undefined && wanted.has(typeCode(value));
}

function typeCodes(type: Value): number[] {
  if (typeof type === 'string') return aliasCodes(type);
  const code = type instanceof Double ? type.value : type instanceof Decimal128 ? Number(type.toString()) : type;
  if (typeof code !== 'number' && typeof code !== 'bigint') {
    throw new StoreError(14, 'type must be represented as a number or a string');
  }
  if (!CODES.has(Number(code))) throw new StoreError(2, `Invalid numerical type code: ${code}`);
  return [Number(code)];
}

function aliasCodes(alias: string): number[] {
  if (alias === 'number') return NUMBERS;
  if (!Object.hasOwn(TYPE, alias)) throw new StoreError(2, `Unknown type name alias: ${alias}`);
  return [TYPE[alias as keyof typeof TYPE]];
}
