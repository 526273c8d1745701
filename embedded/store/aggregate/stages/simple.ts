import { compileFilter, compileSortKey, Sorter, type SorterOptions } from '../../query/index.js';
import { decodeDoc, Doc, encodeDoc, isNumber, StoreError, toDouble, typeName, type Value } from '../../values/index.js';
import type { Variables } from '../evaluate.js';
import { fieldPath } from '../field-path.js';
import { mapping, type Stage } from './stage.js';

/** `$match`. */
export function match(argument: Value, variables: Variables): Stage {
  if (!(argument instanceof Doc)) throw new StoreError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(argument, { variables });
  return mapping((doc) => (matches(doc) ? doc : undefined));
}

/** `$limit`. */
export function limit(argument: Value): Stage {
  const most = wholeNumber('$limit', argument, 5107201);
  if (most === 0) throw new StoreError(15958, 'the limit must be positive');
  return {
    start: (emit) => {
      let count = 0;
      return { push: (doc) => emit(doc) && ++count < most };
    },
  };
}

/** `$skip`. */
export function skip(argument: Value): Stage {
  const most = wholeNumber('$skip', argument, 5107200);
  return {
    start: (emit) => {
      let left = most;
      return { push: (doc) => left-- > 0 || emit(doc) };
    },
  };
}

/** The number of a `$limit` or `$skip`, 0 or more. Throws `code` for anything else. */
export function wholeNumber(name: string, argument: Value, code: number): number {
  const number = isNumber(argument) ? toDouble(argument) : NaN;
  if (!Number.isInteger(number) || number < 0) {
    const shown = Number.isNaN(number) ? typeName(argument) : number;
    throw new StoreError(code, `invalid argument to ${name} stage: Expected a non-negative integer: ${shown}`);
  }
  return number;
}

/** `$sort`; with `wanted`, the limit that follows, only that many are kept. Documents are kept in their short, encoded form. */
export function sort(argument: Value, { wanted = Infinity, allowDiskUse = false }: Partial<SorterOptions> = {}): Stage {
  if (!(argument instanceof Doc)) throw new StoreError(15973, 'the $sort key specification must be an object');
  if (argument.size === 0) throw new StoreError(15976, '$sort stage must have at least one sort key');
  const key = compileSortKey(argument);
  return {
    start: (emit) => {
      const rows = new Sorter<Buffer>(key, { wanted, allowDiskUse });
      let arrived = 0;
      return {
        push: (doc) => {
          rows.add(key.keyOf(doc), arrived++, () => {
            const value = encodeDoc(doc);
            return { value, bytes: value.length };
          });
          return true;
        },
        *end() {
          for (const row of rows.sorted()) {
            if (row === undefined) yield undefined;
            else if (!emit(decodeDoc(row))) return;
          }
        },
      };
    },
  };
}

/** `$count`: one document, or none when nothing came in. */
export function count(argument: Value): Stage {
  if (typeof argument !== 'string') throw new StoreError(40156, 'the count field must be a non-empty string');
  if (argument === '') throw new StoreError(40157, 'the count field must be a non-empty string');
  if (argument.startsWith('$')) throw new StoreError(40158, 'the count field cannot be a $-prefixed path');
  if (argument.includes('.')) throw new StoreError(40160, "the count field cannot contain '.'");
  return {
    start: (emit) => {
      let total = 0;
      return {
        push: () => ++total > 0,
        end: () => {
          if (total > 0) emit(new Doc([argument], [total]));
          return [];
        },
      };
    },
  };
}

/** `$unwind`: one document for each element of an array field. */
export function unwind(argument: Value): Stage {
  const { path, indexField, preserve } = unwindOptions(argument);
  return {
    start: (emit) => ({
      push: (doc) => {
        const value = valueAt(doc, path);
        const index = (at: bigint | null): [string, Value][] => (indexField === undefined ? [] : [[indexField, at]]);
        if (Array.isArray(value) && value.length > 0) {
          return value.every((element, i) => emit(withFields(replaceAt(doc, path, element), index(BigInt(i)))));
        }
        const empty = value === undefined || value === null || Array.isArray(value);
        if (empty && !preserve) return true;
        return emit(withFields(Array.isArray(value) ? replaceAt(doc, path, undefined) : doc, index(null)));
      },
    }),
  };
}

interface Unwind {
  path: readonly string[];
  indexField: string | undefined;
  preserve: boolean;
}

function unwindOptions(argument: Value): Unwind {
  const options = argument instanceof Doc ? argument : new Doc(['path'], [argument]);
  const unknown = options.keys.find(
    (key) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key),
  );
  if (unknown !== undefined) throw new StoreError(28811, `unrecognized option to $unwind stage: ${unknown}`);
  const path = options.get('path');
  if (path === undefined) throw new StoreError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new StoreError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (!path.startsWith('$'))
    throw new StoreError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const preserve = options.get('preserveNullAndEmptyArrays') ?? false;
  if (typeof preserve !== 'boolean')
    throw new StoreError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(preserve)}`,
    );
  const index = options.get('includeArrayIndex');
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw new StoreError(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  if (index?.startsWith('$'))
    throw new StoreError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  return { path: fieldPath(path.slice(1)), indexField: index, preserve };
}

function valueAt(doc: Doc, parts: readonly string[]): Value | undefined {
  let current: Value | undefined = doc;
  for (const part of parts) current = current instanceof Doc ? current.get(part) : undefined;
  return current;
}

function replaceAt(doc: Doc, parts: readonly string[], value: Value | undefined, at = 0): Doc {
  const copy = doc.clone();
  const name = parts[at]!;
  if (at < parts.length - 1) copy.set(name, replaceAt(doc.get(name) as Doc, parts, value, at + 1));
  else if (value === undefined) copy.delete(name);
  else copy.set(name, value);
  return copy;
}

function withFields(doc: Doc, fields: [string, Value][]): Doc {
  if (fields.length === 0) return doc;
  const copy = doc.clone();
  for (const [name, value] of fields) copy.set(name, value);
  return copy;
}
