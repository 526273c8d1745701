import { isOperatorDoc } from '../query/operators.js';
import { BSONRegExp, Doc, pathParts, StoreError, type Value } from '../values/index.js';
import { changeAt, overlaps } from './path.js';

/** The fields that a filter pins to one value each, as an upsert takes them over. Throws StoreError 54 on a clash. */
export function equalityFields(filter: Doc): Map<string, Value> {
  const fields = new Map<string, Value>();
  collect(filter, fields);
  return fields;
}

function collect(filter: Doc, fields: Map<string, Value>): void {
  for (const [key, value] of filter) {
    if (key === '$and' || (key === '$or' && Array.isArray(value) && value.length === 1)) {
      for (const clause of value as Value[]) if (clause instanceof Doc) collect(clause, fields);
    } else if (!key.startsWith('$')) collectField(key, value, fields);
  }
}

function collectField(path: string, condition: Value, fields: Map<string, Value>): void {
  if (condition instanceof BSONRegExp) return;
  if (!(condition instanceof Doc) || !isOperatorDoc(condition)) return add(path, condition, fields);
  for (const [operator, value] of condition) {
    if (operator === '$eq') add(path, value, fields);
    else if (operator === '$all' && Array.isArray(value)) {
      for (const element of value) if (!(element instanceof Doc && isOperatorDoc(element))) add(path, element, fields);
    }
  }
}

function add(path: string, value: Value, fields: Map<string, Value>): void {
  for (const other of fields.keys()) {
    if (other === path) throw new StoreError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    if (overlaps(pathParts(other), pathParts(path))) {
      throw new StoreError(54, `cannot infer query fields to set, both paths '${path}' and '${other}' are matched`);
    }
  }
  fields.set(path, value);
}

/** The document an upsert starts from, before its operators apply. */
export function upsertSeed(filter: Doc): Doc {
  let seed = new Doc();
  for (const [path, value] of equalityFields(filter)) seed = changeAt(seed, pathParts(path), () => value, true);
  return seed;
}
