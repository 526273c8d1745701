import { Doc, StoreError, encodeDoc, type Value } from '../values/index.js';
import { encodeKeyValue } from '../index/index.js';
import { distinctValues } from '../query/index.js';
import { namespaceOf, type Collection } from './catalog.js';
import { keysOf, type IndexDefinition } from './index-definition.js';
import { entryKey } from './keys.js';

/** A stored document with its record number. */
export interface Stored {
  record: number;
  bytes: Buffer;
  doc: Doc;
}

/** What one write does to one index. */
export interface IndexChange {
  index: IndexDefinition;
  removed: readonly Buffer[];
  added: readonly Buffer[];
}

/** Largest document, in bytes (MongoDB limit). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

const NONE: readonly Buffer[] = [];

/** The differences in index entries between two states of a document; either may be absent. */
export function indexChanges(collection: Collection, before: Doc | undefined, after: Doc | undefined): IndexChange[] {
  const changes: IndexChange[] = [];
  for (const index of collection.indexes) {
    if (before !== undefined && after !== undefined && untouched(index, before, after)) continue;
    const old = before === undefined ? NONE : keysOf(index, before);
    const fresh = after === undefined ? NONE : keysOf(index, after);
    const removed = without(old, fresh);
    const added = without(fresh, old);
    if (removed.length > 0 || added.length > 0) changes.push({ index, removed, added });
  }
  return changes;
}

/** Updates share what they leave alone, so equal references mean equal values. */
function untouched(index: IndexDefinition, before: Doc, after: Doc): boolean {
  return index.topFields?.every((field) => before.get(field) === after.get(field)) ?? false;
}

function without(keys: readonly Buffer[], others: readonly Buffer[]): readonly Buffer[] {
  if (others.length === 0 || keys.length === 0) return keys;
  return keys.filter((key) => !others.some((other) => other.equals(key)));
}

/** The key of an index entry in the `indexes` table. */
export function entryKeyOf(index: IndexDefinition, key: Uint8Array, record: number): Buffer {
  return index.unique ? entryKey(index.id, key) : entryKey(index.id, key, record);
}

/** Name of the lock on a record. */
export function recordName(collection: Collection, record: number): string {
  return `${collection.id}:${record}`;
}

/** Names of the locks on the unique keys that a write adds or removes. */
export function uniqueNames(changes: readonly IndexChange[]): string[] {
  const names: string[] = [];
  for (const { index, removed, added } of changes) {
    if (!index.unique) continue;
    for (const key of removed) names.push(uniqueName(index, key));
    for (const key of added) names.push(uniqueName(index, key));
  }
  return names;
}

export function uniqueName(index: IndexDefinition, key: Buffer): string {
  return `${index.id}#${key.toString('latin1')}`;
}

/** How a document comes to be stored. */
export type StoredBy = 'insert' | 'update' | 'upsert';

/** Encodes a document for storage. Throws StoreError 2, 17419 or 17420 when it is too large. */
export function encodeForStorage(doc: Doc, by: StoredBy): Buffer {
  const bytes = encodeDoc(doc);
  requireSize(bytes, by);
  return bytes;
}

/** Throws StoreError 2, 17419 or 17420, as MongoDB does for each way, when a document is too large. */
export function requireSize({ length }: Uint8Array, by: StoredBy): void {
  if (length <= MAX_DOCUMENT_BYTES) return;
  if (by === 'update') {
    throw new StoreError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`);
  }
  if (by === 'upsert') throw new StoreError(17420, `Document to upsert is larger than ${MAX_DOCUMENT_BYTES}`);
  throw new StoreError(2, `object to insert too large. size in bytes: ${length}, max size: ${MAX_DOCUMENT_BYTES}`);
}

/** The E11000 error, with the pattern and the value that collided. */
export function duplicateKey(collection: Collection, index: IndexDefinition, key: Buffer, doc: Doc): DuplicateKeyError {
  return new DuplicateKeyError(collection, index, collidingValue(index, key, doc));
}

/** E11000; the answer carries `keyPattern` and `keyValue` beside the message. */
export class DuplicateKeyError extends StoreError {
  readonly keyPattern: Doc;

  constructor(
    collection: Collection,
    index: IndexDefinition,
    readonly keyValue: Doc,
  ) {
    super(
      11000,
      `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${index.name} dup key: ${formatDoc(keyValue)}`,
    );
    this.keyPattern = index.spec.get('key') as Doc;
  }
}

/** Finds, field by field, which of the document's values made the key. */
function collidingValue(index: IndexDefinition, key: Buffer, doc: Doc): Doc {
  const result = new Doc();
  let at = 0;
  for (const [path, direction] of index.pattern) {
    const candidates: Value[] = [...distinctValues(doc, path), null];
    const found = candidates.find((value) => {
      const bytes = encodeKeyValue(value, direction);
      return key.subarray(at, at + bytes.length).equals(bytes);
    });
    const value = found ?? null;
    at += encodeKeyValue(value, direction).length;
    result.append(path, value);
  }
  return result;
}

function formatDoc(doc: Doc): string {
  const fields = [...doc].map(([name, value]) => `${name}: ${formatValue(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function formatValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Doc) return formatDoc(value);
  if (Array.isArray(value)) return `[ ${value.map(formatValue).join(', ')} ]`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value !== null && typeof value === 'object' && 'toHexString' in value)
    return `ObjectId('${value.toHexString()}')`;
  return String(value);
}
