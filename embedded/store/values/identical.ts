import { Decimal128, Double } from 'bson';
import { compareValues } from './compare.js';
import { Doc, type Value } from './doc.js';
import { typeCode } from './value.js';

/** True when two values would be written as the same bytes: unlike `equalValues`, number types must agree. */
export function identicalValues(a: Value, b: Value): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  if (typeCode(a) !== typeCode(b)) return false;
  if (a instanceof Doc && b instanceof Doc) return identicalDocs(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return identicalLists(a, b);
  if (typeof a === 'number') return Object.is(a, b);
  if (a instanceof Double && b instanceof Double) return Object.is(a.value, b.value);
  if (a instanceof Decimal128 && b instanceof Decimal128) return Buffer.compare(a.bytes, b.bytes) === 0;
  return compareValues(a, b) === 0;
}

function identicalDocs(a: Doc, b: Doc): boolean {
  return a.size === b.size && a.keys.every((key, i) => key === b.keys[i]) && identicalLists(a.values, b.values);
}

function identicalLists(a: Value[], b: Value[]): boolean {
  return a.length === b.length && a.every((value, i) => identicalValues(value, b[i]!));
}
