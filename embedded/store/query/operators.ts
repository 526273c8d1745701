import { BSONRegExp, BSONSymbol, Doc, equalValues, StoreError, Undefined, type Value } from '../values/index.js';
import { equalTo, inRange, isRangeOperator, oneOf } from './comparison.js';
import { modulo, sizeOf } from './number-operators.js';
import type { Matcher, Test } from './reach.js';
import { compileRegex } from './regex.js';
import { ofType } from './type-set.js';

/**
 * Where operators apply: a field of a document (T is the document) or one array element (T is the element). `bind`
 * turns a test of single elements into a test of T.
 */
export interface Context<T> {
  /** For messages. */
  path: string;
  bind(test: Test, spread: boolean): (target: T) => boolean;
  compileFilter(filter: Doc): Matcher;
}

const UNSUPPORTED = new Set([
  '$bitsAllClear',
  '$bitsAllSet',
  '$bitsAnyClear',
  '$bitsAnySet',
  '$geoIntersects',
  '$geoWithin',
  '$near',
  '$nearSphere',
  '$within',
  '$geoNear',
]);

/** True when a condition is made of operators (`{ $gt: 1 }`) rather than a value to equal; a DBRef is a value. */
export function isOperatorDoc(doc: Doc): boolean {
  const first = doc.keys[0];
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** True for operators that combine whole filters: a condition on elements that begins with one is a filter of documents. */
export function isLogical(name: string): boolean {
  return name === '$and' || name === '$or' || name === '$nor' || name === '$where';
}

/** Compiles `{ $gt: 1, $lt: 5 }`; all operators must hold. */
export function compileOperators<T>(operators: Doc, context: Context<T>): (target: T) => boolean {
  const tests: ((target: T) => boolean)[] = [];
  for (const [name, argument] of operators) {
    if (name === '$options') requireRegex(operators);
    else tests.push(compileOperator(name, argument, operators, context));
  }
  if (tests.length === 1) return tests[0]!;
  return (target) => tests.every((test) => test(target));
}

function requireRegex(operators: Doc): void {
  if (!operators.has('$regex')) throw new StoreError(2, '$options needs a $regex');
}

function compileOperator<T>(name: string, argument: Value, all: Doc, context: Context<T>): (target: T) => boolean {
  if (isRangeOperator(name)) return context.bind(inRange(name, argument, context.path), true);
  switch (name) {
    case '$eq':
      return context.bind(equalTo(argument), true);
    case '$ne':
      return not(context.bind(equalTo(notRegex(argument)), true));
    case '$in':
      return context.bind(oneOf(list(name, argument)), true);
    case '$nin':
      return not(context.bind(oneOf(list(name, argument)), true));
    case '$exists': {
      const present = context.bind((value) => value !== undefined, true);
      return isTrue(argument) ? present : not(present);
    }
    case '$type':
      return context.bind(ofType(argument), true);
    case '$regex':
      return context.bind(compileRegex(regexOf(argument, all.get('$options'))), true);
    case '$mod':
      return context.bind(modulo(argument), true);
    case '$size':
      return context.bind(sizeOf(argument), false);
    case '$not':
      return not(negated(argument, context));
    case '$all':
      return every(argument, context);
    case '$elemMatch':
      return context.bind(anyElement(argument, context), false);
    default:
      throw unknownOperator(name);
  }
}

function unknownOperator(name: string): StoreError {
  if (UNSUPPORTED.has(name)) return new StoreError(238, `${name} is not supported by this store`);
  return new StoreError(2, `unknown operator: ${name}`);
}

function not<T>(test: (target: T) => boolean): (target: T) => boolean {
  return (target) => !test(target);
}

/** Truth of an option, as MongoDB reads one: everything but false, zero, null and undefined. */
function isTrue(value: Value): boolean {
  return value !== false && value !== null && !(value instanceof Undefined) && !equalValues(value, 0);
}

function notRegex(value: Value): Value {
  if (value instanceof BSONRegExp) throw new StoreError(2, "Can't have regex as arg to $ne.");
  return value;
}

function list(name: string, argument: Value): Value[] {
  if (!Array.isArray(argument)) throw new StoreError(2, `${name} needs an array`);
  if (argument.some((value) => value instanceof Doc && isOperatorDoc(value))) {
    throw new StoreError(2, `cannot nest $ under ${name}`);
  }
  return argument;
}

function regexOf(argument: Value, options: Value | undefined): BSONRegExp {
  if (options !== undefined && typeof options !== 'string') throw new StoreError(2, '$options has to be a string');
  if (argument instanceof BSONRegExp) {
    if (argument.options !== '' && options !== undefined) {
      throw new StoreError(51075, 'options set in both $regex and $options');
    }
    return new BSONRegExp(argument.pattern, options ?? argument.options);
  }
  if (typeof argument !== 'string' && !(argument instanceof BSONSymbol)) {
    throw new StoreError(2, '$regex has to be a string');
  }
  return regexFromText(argument.toString(), options ?? '');
}

function regexFromText(pattern: string, options: string): BSONRegExp {
  try {
    return new BSONRegExp(pattern, options);
  } catch {
    throw new StoreError(51108, `invalid flag in regex options: ${options}`);
  }
}

function negated<T>(argument: Value, context: Context<T>): (target: T) => boolean {
  if (argument instanceof BSONRegExp) return context.bind(compileRegex(argument), true);
  if (!(argument instanceof Doc)) throw new StoreError(2, '$not needs a regex or a document');
  if (argument.size === 0) throw new StoreError(2, '$not cannot be empty');
  return compileOperators(argument, context);
}

function every<T>(argument: Value, context: Context<T>): (target: T) => boolean {
  if (!Array.isArray(argument)) throw new StoreError(2, '$all needs an array');
  const tests = argument.map((value) => allElement(value, argument, context));
  return (target) => tests.length > 0 && tests.every((test) => test(target));
}

function allElement<T>(value: Value, all: Value[], context: Context<T>): (target: T) => boolean {
  if (value instanceof BSONRegExp) return context.bind(compileRegex(value), true);
  if (!(value instanceof Doc) || !isOperatorDoc(value)) {
    if (isElemMatch(all[0])) throw new StoreError(2, '$all/$elemMatch has to be consistent');
    return context.bind(equalTo(value), true);
  }
  if (!isElemMatch(value) || !isElemMatch(all[0])) throw new StoreError(2, 'no $ expressions in $all');
  return context.bind(anyElement(value.values[0]!, context), false);
}

function isElemMatch(value: Value | undefined): boolean {
  return value instanceof Doc && value.keys[0] === '$elemMatch';
}

/** `$elemMatch` of either form: with operators for the element itself, or a filter for elements that are documents. */
function anyElement<T>(argument: Value, context: Context<T>): Test {
  const test = elementTest(argument, context);
  return (value) => Array.isArray(value) && value.some(test);
}

/** The test that `$elemMatch` makes of one element. Throws StoreError 2 when the argument is not a document. */
export function elementTest(argument: Value, context: Pick<Context<never>, 'path' | 'compileFilter'>): Test {
  if (!(argument instanceof Doc)) throw new StoreError(2, '$elemMatch needs an Object');
  const { path, compileFilter } = context;
  if (isOperatorDoc(argument) && !isLogical(argument.keys[0]!)) {
    return compileOperators<Value | undefined>(argument, { path, bind: (test) => test, compileFilter });
  }
  const filter = compileFilter(argument);
  return (value) => {
    if (value instanceof Doc) return filter(value);
    return Array.isArray(value) && filter(Doc.of(value.map((element, i) => [String(i), element])));
  };
}
