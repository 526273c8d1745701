import { compileFilter, distinctValues } from '../../query/index.js';
import { BSONRegExp, Doc, StoreError, typeName, type Value } from '../../values/index.js';
import { fieldPath } from '../field-path.js';
import type { PipelineContext } from './stage.js';

interface Lookup {
  from: string;
  localField: string;
  foreignField: string;
  as: string;
}

/** `$lookup` by equality of two fields; the matches become the array `as`. */
export function lookup(argument: Value, context: PipelineContext): (doc: Doc) => Promise<Doc> {
  const { from, localField, foreignField, as } = lookupOptions(argument);
  return async (doc) => {
    const filter = joinFilter(foreignField, distinctValues(doc, localField));
    const matches = compileFilter(filter);
    const found: Value[] = [];
    for await (const other of context.lookup(from, filter)) if (matches(other)) found.push(other);
    return doc.clone().set(as, found);
  };
}

function joinFilter(path: string, values: Value[]): Doc {
  const wanted = values.length === 0 ? [null] : values;
  if (!wanted.some((value) => value instanceof BSONRegExp)) return new Doc([path], [new Doc(['$in'], [wanted])]);
  const clauses = wanted.map((value) => new Doc([path], [new Doc(['$eq'], [value])]));
  return new Doc(['$or'], [clauses]);
}

function lookupOptions(argument: Value): Lookup {
  if (!(argument instanceof Doc))
    throw new StoreError(9, `the $lookup specification must be an Object, but found ${typeName(argument)}`);
  const names = ['from', 'localField', 'foreignField', 'as'] as const;
  for (const key of argument.keys) {
    if (key === 'pipeline' || key === 'let')
      throw new StoreError(238, `'${key}' in $lookup is not supported by this store`);
    if (!names.some((name) => name === key)) throw new StoreError(9, `unknown argument to $lookup: ${key}`);
  }
  const [from, localField, foreignField, as] = names.map((name) => {
    const value = argument.get(name);
    if (typeof value === 'string') return value;
    throw new StoreError(
      9,
      value === undefined ? `$lookup requires '${name}'` : `$lookup argument '${name}' must be a string`,
    );
  });
  for (const path of [localField!, foreignField!, as!]) fieldPath(path);
  if (as!.includes('.')) throw new StoreError(238, `A dotted 'as' in $lookup is not supported by this store: ${as}`);
  return { from: from!, localField: localField!, foreignField: foreignField!, as: as! };
}
