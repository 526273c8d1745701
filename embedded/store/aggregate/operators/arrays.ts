import { Doc, equalValues, isNumber, StoreError, toDouble, typeName, type Value } from '../../values/index.js';
import {
  fixed,
  isNullish,
  namedArguments,
  truthy,
  variadic,
  type Compile,
  type Expression,
  type OperatorCompiler,
} from '../evaluate.js';

function nameOf(value: Value | undefined): string {
  return value === undefined ? 'missing' : typeName(value);
}

/** A whole number of int32 size. Throws `code` for other types and `code + 1` for other numbers. */
function int32Of(value: Value | undefined, code: number, what: string): number {
  if (!isNumber(value)) throw new StoreError(code, `${what} must be a numeric value, but is ${nameOf(value)}`);
  const number = toDouble(value);
  if (Number.isInteger(number) && Math.abs(number) <= 2 ** 31) return number;
  throw new StoreError(code + 1, `${what} must be representable as a 32-bit integer: ${value.toString()}`);
}

const arrayElemAt = fixed(2, ([array, index]) => {
  if (isNullish(array) || isNullish(index)) return null;
  if (!Array.isArray(array))
    throw new StoreError(28689, `$arrayElemAt's first argument must be an array, but is ${nameOf(array)}`);
  return array.at(int32Of(index, 28690, "$arrayElemAt's second argument"));
});

const size = fixed(1, ([value]) => {
  if (Array.isArray(value)) return value.length;
  throw new StoreError(17124, `The argument to $size must be an array, but was of type: ${nameOf(value)}`);
});

function slice(argument: Value, compile: Compile): Expression {
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length < 2 || list.length > 3) {
    throw new StoreError(
      28667,
      `Expression $slice takes at least 2 arguments, and at most 3, but ${list.length} were passed in.`,
    );
  }
  const [input, second, third] = list.map((part) => compile(part));
  return (doc, variables) => {
    const array = input!(doc, variables);
    const first = second!(doc, variables);
    const count = third?.(doc, variables);
    if (isNullish(array) || isNullish(first) || (third !== undefined && isNullish(count))) return null;
    if (!Array.isArray(array))
      throw new StoreError(28724, `First argument to $slice must be an array, but is of type: ${nameOf(array)}`);
    const from = int32Of(first, 28725, 'Second argument to $slice');
    if (third === undefined) return from >= 0 ? array.slice(0, from) : array.slice(from);
    const length = int32Of(count, 28727, 'Third argument to $slice');
    if (length <= 0) throw new StoreError(28729, `Third argument to $slice must be positive: ${length}`);
    const start = from >= 0 ? from : Math.max(array.length + from, 0);
    return array.slice(start, start + length);
  };
}

const inArray = fixed(2, ([value, array]) => {
  if (!Array.isArray(array))
    throw new StoreError(40081, `$in requires an array as a second argument, found: ${nameOf(array)}`);
  return value !== undefined && array.some((element) => equalValues(element, value));
});

const concatArrays = variadic((values) => {
  if (values.some(isNullish)) return null;
  return values.flatMap((value) => {
    if (Array.isArray(value)) return value;
    throw new StoreError(28664, `$concatArrays only supports arrays, not ${nameOf(value)}`);
  });
});

const reverseArray = fixed(1, ([value]) => {
  if (isNullish(value)) return null;
  if (Array.isArray(value)) return value.toReversed();
  throw new StoreError(34435, `The argument to $reverseArray must be an array, but was of type: ${nameOf(value)}`);
});

const USER_VARIABLE = /^[a-z\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/;

/** Checks the name of a variable that an expression defines. Throws StoreError 16867 or 16868. */
export function variableName(value: Value | undefined, fallback: string): string {
  const name = value ?? fallback;
  if (typeof name !== 'string' || name === '') throw new StoreError(16866, 'empty variable names are not allowed');
  if (name === 'CURRENT') throw new StoreError(238, 'Rebinding $$CURRENT is not supported by this store');
  if (!USER_VARIABLE.test(name))
    throw new StoreError(16867, `'${name}' starts with an invalid character for a user variable name`);
  return name;
}

function filter(argument: Value, compile: Compile): Expression {
  const named = namedArguments(
    argument,
    '$filter',
    { notObject: 28646, unknown: 28647, missing: 28648 },
    ['input', 'cond'],
    ['as', 'limit'],
  );
  const input = compile(named.get('input')!);
  const name = variableName(named.get('as'), 'this');
  const condition = compile(named.get('cond')!, [name]);
  const limit = named.has('limit') ? compile(named.get('limit')!) : undefined;
  return (doc, variables) => {
    const array = input(doc, variables);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new StoreError(28651, `input to $filter must be an array not ${nameOf(array)}`);
    const most = filterLimit(limit?.(doc, variables));
    const scope = new Map(variables);
    const kept: Value[] = [];
    for (const element of array) {
      if (kept.length >= most) break;
      if (truthy(condition(doc, scope.set(name, element)))) kept.push(element);
    }
    return kept;
  };
}

function filterLimit(value: Value | undefined): number {
  if (isNullish(value)) return Infinity;
  const limit = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(limit))
    throw new StoreError(327391, '$filter: limit must be represented as a 32-bit integral value');
  if (limit < 1) throw new StoreError(327392, `$filter: limit must be greater than 0: ${limit}`);
  return limit;
}

function map(argument: Value, compile: Compile): Expression {
  const named = namedArguments(
    argument,
    '$map',
    { notObject: 16878, unknown: 16879, missing: 16880 },
    ['input', 'in'],
    ['as'],
  );
  const input = compile(named.get('input')!);
  const name = variableName(named.get('as'), 'this');
  const each = compile(named.get('in')!, [name]);
  return (doc, variables) => {
    const array = input(doc, variables);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new StoreError(16883, `input to $map must be an array not ${nameOf(array)}`);
    const scope = new Map(variables);
    return array.map((element) => each(doc, scope.set(name, element)) ?? null);
  };
}

function reduce(argument: Value, compile: Compile): Expression {
  const named = namedArguments(argument, '$reduce', { notObject: 40075, unknown: 40076, missing: 40077 }, [
    'input',
    'initialValue',
    'in',
  ]);
  const [input, initial] = ['input', 'initialValue'].map((key) => compile(named.get(key)!));
  const step = compile(named.get('in')!, ['this', 'value']);
  return (doc, variables) => {
    const array = input!(doc, variables);
    if (isNullish(array)) return null;
    if (!Array.isArray(array))
      throw new StoreError(40080, `$reduce requires that 'input' be an array, found: ${nameOf(array)}`);
    const scope = new Map(variables);
    let value = initial!(doc, variables);
    for (const element of array) {
      scope.set('this', element);
      if (value === undefined) scope.set('value', null);
      else scope.set('value', value);
      value = step(doc, scope);
    }
    return value;
  };
}

const range: OperatorCompiler = (argument, compile) => {
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length < 2 || list.length > 3) {
    throw new StoreError(
      28667,
      `Expression $range takes at least 2 arguments, and at most 3, but ${list.length} were passed in.`,
    );
  }
  const parts = list.map((part) => compile(part));
  return (doc, variables) => {
    const [start, end, step] = parts.map((part) => part(doc, variables));
    const from = int32Of(start, 34443, '$range requires a starting value that');
    const to = int32Of(end, 34445, '$range requires an ending value that');
    const by = parts.length === 3 ? int32Of(step, 34447, '$range requires a step value that') : 1;
    if (by === 0) throw new StoreError(34449, '$range requires a non-zero step value');
    const length = Math.max(Math.ceil((to - from) / by), 0);
    return Array.from({ length }, (_, i) => from + i * by);
  };
};

/** Array operators. */
export const arrayOperators: Record<string, OperatorCompiler> = {
  $arrayElemAt: arrayElemAt,
  $size: size,
  $slice: slice,
  $in: inArray,
  $concatArrays: concatArrays,
  $reverseArray: reverseArray,
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $range: range,
};

/** An entry of `$arrayToObject`: `[key, value]` or `{ k, v }`. */
export function pairOf(entry: Value): [string, Value] {
  if (Array.isArray(entry)) {
    if (entry.length !== 2)
      throw new StoreError(
        40397,
        `$arrayToObject requires an array of size 2 arrays, found array of size: ${entry.length}`,
      );
    if (typeof entry[0] !== 'string')
      throw new StoreError(
        40395,
        `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(entry[0]!)}`,
      );
    return [entry[0], entry[1]!];
  }
  if (!(entry instanceof Doc))
    throw new StoreError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(entry)}`);
  const key = entry.get('k');
  const value = entry.get('v');
  if (entry.size !== 2 || key === undefined || value === undefined) {
    throw new StoreError(40392, "$arrayToObject requires an object keys of 'k' and 'v'.");
  }
  if (typeof key !== 'string')
    throw new StoreError(
      40394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`,
    );
  return [key, value];
}
