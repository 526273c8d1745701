import { compareNumbers, Doc, isNumber, StoreError, Undefined, type Value } from '../values/index.js';

/** Values of `$$name` variables. */
export type Variables = ReadonlyMap<string, Value>;

/** A compiled expression; undefined is "missing", which differs from null. */
export type Expression = (doc: Doc, variables: Variables) => Value | undefined;

/** Tells which `$$name` variables an expression may use; a map of their values will do. */
export interface Scope {
  has(name: string): boolean;
}

/** Compiles an argument of an operator; `names` are variables that the operator itself defines for it. */
export type Compile = (source: Value, names?: readonly string[]) => Expression;

/** Makes an expression from an operator's argument. Throws StoreError when the argument has the wrong form. */
export type OperatorCompiler = (argument: Value, compile: Compile, name: string) => Expression;

/** True for missing, null and undefined: most operators give null for them. */
export function isNullish(value: Value | undefined): value is null | undefined | Undefined {
  return value === undefined || value === null || value instanceof Undefined;
}

/** Truth as `$cond` and `$and` see it: false, null, missing and zero are false, all else is true. */
export function truthy(value: Value | undefined): boolean {
  if (typeof value === 'boolean') return value;
  return !isNullish(value) && !(isNumber(value) && compareNumbers(value, 0) === 0);
}

/** An operator's arguments as a list; a single one may stand without brackets. Throws 16020 or 28667 on a wrong count. */
export function argumentList(argument: Value, name: string, min: number, max = min): Value[] {
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length >= min && list.length <= max) return list;
  if (min === max) {
    throw new StoreError(16020, `Expression ${name} takes exactly ${min} arguments. ${list.length} were passed in.`);
  }
  const range = `at least ${min} arguments, and at most ${max}`;
  throw new StoreError(28667, `Expression ${name} takes ${range}, but ${list.length} were passed in.`);
}

/** Compiles a fixed number of arguments and hands their values to `apply`. */
export function fixed(
  count: number,
  apply: (values: (Value | undefined)[], name: string) => Value | undefined,
): OperatorCompiler {
  return (argument, compile, name) => {
    const parts = argumentList(argument, name, count).map((part) => compile(part));
    return (doc, variables) =>
      apply(
        parts.map((part) => part(doc, variables)),
        name,
      );
  };
}

/** Compiles any number of arguments and hands their values to `apply`. */
export function variadic(apply: (values: (Value | undefined)[], name: string) => Value | undefined): OperatorCompiler {
  return (argument, compile, name) => {
    const parts = (Array.isArray(argument) ? argument : [argument]).map((part) => compile(part));
    return (doc, variables) =>
      apply(
        parts.map((part) => part(doc, variables)),
        name,
      );
  };
}

/** How an operator with named arguments refuses what is no object, has unknown names, or lacks required ones. */
export interface ArgumentCodes {
  notObject: number;
  unknown: number;
  missing: number;
}

/** Named arguments (`{ input, as, cond }`). Throws StoreError with the operator's codes. */
export function namedArguments(
  argument: Value,
  name: string,
  codes: ArgumentCodes,
  required: string[],
  optional: string[] = [],
): Doc {
  if (!(argument instanceof Doc))
    throw new StoreError(codes.notObject, `${name} only supports an object as its argument`);
  const unknown = argument.keys.find((key) => !required.includes(key) && !optional.includes(key));
  if (unknown !== undefined) throw new StoreError(codes.unknown, `Unrecognized argument to ${name}: ${unknown}`);
  const missing = required.find((key) => !argument.has(key));
  if (missing !== undefined) throw new StoreError(codes.missing, `Missing '${missing}' parameter to ${name}`);
  return argument;
}
