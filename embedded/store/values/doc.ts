import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, Timestamp } from 'bson';
import type { ObjectId } from './object-id.js';

/**
 * An ordered document. Plain objects reorder integer-like keys and treat `__proto__` specially, so names and values
 * are two parallel arrays; for the few fields a document has, a linear look-up beats a Map. Shared between readers:
 * change a `clone()`, never a document that somebody else may hold.
 */
export class Doc {
  constructor(
    readonly keys: string[] = [],
    readonly values: Value[] = [],
  ) {}

  /** Builds a document from pairs; a later pair replaces an earlier one of the same name. */
  static of(entries: Iterable<readonly [string, Value]>): Doc {
    const doc = new Doc();
    for (const [key, value] of entries) doc.set(key, value);
    return doc;
  }

  get size(): number {
    return this.keys.length;
  }

  get(key: string): Value | undefined {
    const at = this.keys.indexOf(key);
    return at < 0 ? undefined : this.values[at];
  }

  has(key: string): boolean {
    return this.keys.includes(key);
  }

  /** Replaces the field in place, or appends it. */
  set(key: string, value: Value): this {
    const at = this.keys.indexOf(key);
    if (at < 0) this.append(key, value);
    else this.values[at] = value;
    return this;
  }

  /** Appends without looking for the name: for names known to be new. */
  append(key: string, value: Value): void {
    this.keys.push(key);
    this.values.push(value);
  }

  /** Removes the field; false when there was none. */
  delete(key: string): boolean {
    const at = this.keys.indexOf(key);
    if (at < 0) return false;
    this.keys.splice(at, 1);
    this.values.splice(at, 1);
    return true;
  }

  /** A copy of this level; nested documents and arrays stay shared. */
  clone(): Doc {
    return new Doc(this.keys.slice(), this.values.slice());
  }

  *[Symbol.iterator](): Generator<[string, Value]> {
    for (let i = 0; i < this.keys.length; i++) yield [this.keys[i]!, this.values[i]!];
  }
}

/** BSON's deprecated "undefined" (type 6); JavaScript's `undefined` always means "no such field" here. */
export class Undefined {
  readonly type = 'undefined';
  static readonly value = new Undefined();
}

/** BSON's deprecated pointer (type 12). */
export class DbPointer {
  constructor(
    readonly namespace: string,
    readonly id: ObjectId,
  ) {}
}

/** JavaScript code with a scope (type 15). */
export class ScopedCode {
  constructor(
    readonly code: string,
    readonly scope: Doc,
  ) {}
}

/**
 * One BSON value. A JavaScript number is an int32 when it is an integer of that range (and not -0), a double
 * otherwise; a double that looks like an int32 is kept as `Double`; an int64 is a bigint. So every number is written
 * back with the type it was read with.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Double
  | Decimal128
  | Doc
  | Value[]
  | ObjectId
  | Date
  | Binary
  | BSONRegExp
  | Timestamp
  | Code
  | ScopedCode
  | BSONSymbol
  | DbPointer
  | MinKey
  | MaxKey
  | Undefined;

/** A value of one of the four numeric types. */
export type NumberValue = number | bigint | Double | Decimal128;
