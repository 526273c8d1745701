import * as bson from 'bson';
import { Doc, DbPointer, ScopedCode, Undefined, type Value } from './doc.js';
import { ObjectId } from './object-id.js';
import { StoreError } from './store-error.js';
import { double } from './value.js';

/**
 * Turns a plain object (with the driver's BSON classes inside) into a document. Properties that are `undefined` are
 * left out. A convenience for built-in replies and tests; documents off the wire come from `decodeDoc`.
 */
export function docFromJs(source: object): Doc {
  const doc = new Doc();
  const entries: Iterable<[string, unknown]> = source instanceof Map ? source : Object.entries(source);
  for (const [key, value] of entries) if (value !== undefined) doc.append(key, valueFromJs(value));
  return doc;
}

/** Turns one JavaScript or driver value into a store value. Throws StoreError 2 for what BSON cannot hold. */
export function valueFromJs(value: unknown): Value {
  if (value === undefined) return Undefined.value;
  if (value === null || typeof value !== 'object') return scalarFromJs(value);
  if (Array.isArray(value)) return value.map(valueFromJs);
  if (value instanceof Uint8Array) return new bson.Binary(Buffer.from(value));
  if (value instanceof RegExp) return regexFromJs(value);
  return isStoreValue(value) ? value : driverValue(value);
}

function scalarFromJs(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  throw new StoreError(2, `A ${typeof value} cannot be stored`);
}

function isStoreValue(value: object): value is Exclude<Value, null | string | number | boolean | bigint> {
  return [Doc, ObjectId, Date, DbPointer, ScopedCode, Undefined].some((type) => value instanceof type);
}

function driverValue(value: object): Value {
  if (value instanceof bson.ObjectId) return ObjectId.read(value.id, 0);
  if (value instanceof bson.Timestamp) return value;
  if (value instanceof bson.Long) return value.toBigInt();
  if (value instanceof bson.Int32) return value.value;
  if (value instanceof bson.Double) return double(value.value);
  if (value instanceof bson.DBRef) return docFromJs({ $ref: value.collection, $id: value.oid, $db: value.db });
  if (value instanceof bson.Code && value.scope !== null) return new ScopedCode(value.code, docFromJs(value.scope));
  const kept = [bson.Binary, bson.BSONRegExp, bson.BSONSymbol, bson.Code, bson.Decimal128, bson.MaxKey, bson.MinKey];
  return kept.some((type) => value instanceof type) ? (value as Value) : docFromJs(value);
}

function regexFromJs(value: RegExp): bson.BSONRegExp {
  const options = `${value.ignoreCase ? 'i' : ''}${value.multiline ? 'm' : ''}${value.dotAll ? 's' : ''}`;
  return new bson.BSONRegExp(value.source, options);
}

/** Turns a document into a plain object with the driver's BSON classes; field order is JavaScript's. */
export function docToJs(doc: Doc): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of doc) {
    Object.defineProperty(result, key, {
      value: valueToJs(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}

/** Turns one store value into what the driver would hand to an application with promoted numbers. */
export function valueToJs(value: Value): unknown {
  if (value instanceof Doc) return docToJs(value);
  if (Array.isArray(value)) return value.map(valueToJs);
  if (value instanceof ObjectId) return new bson.ObjectId(value.toHexString());
  if (value instanceof bson.Double) return value.value;
  if (value instanceof Undefined) return undefined;
  if (value instanceof DbPointer) return new bson.DBRef(value.namespace, new bson.ObjectId(value.id.toHexString()));
  if (value instanceof ScopedCode) return new bson.Code(value.code, docToJs(value.scope));
  return typeof value === 'bigint' && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;
}
