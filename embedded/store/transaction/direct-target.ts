import type { Catalog, Collection } from '../storage/catalog.js';
import type { Writer } from '../storage/environment.js';
import { documentKey, recordBytes } from '../storage/keys.js';
import {
  duplicateKey,
  entryKeyOf,
  indexChanges,
  recordName,
  uniqueNames,
  type IndexChange,
  type Stored,
} from '../storage/records.js';
import type { Doc } from '../values/index.js';
import type { LockTable } from './locks.js';
import type { ReadView } from './read-view.js';
import type { WriteTarget } from './write-target.js';

/** Writes inside one LMDB commit. A lock held by a transaction makes a method throw LockedError before any change. */
export class DirectTarget implements WriteTarget {
  readonly view: ReadView;
  /** Records and unique keys written, for the write history. */
  readonly touched: string[] = [];
  /** Documents more or fewer than before, by collection. */
  readonly growth = new Map<Collection, number>();

  constructor(
    readonly writer: Writer,
    private readonly catalog: Catalog,
    private readonly locks: LockTable,
  ) {
    this.view = { reader: writer, overlay: () => undefined, sequence: undefined };
  }

  insert(collection: Collection, bytes: Buffer, doc: Doc): void {
    const changes = indexChanges(collection, undefined, doc);
    this.check(collection, changes, doc, []);
    this.apply(collection, { record: collection.nextRecord++, bytes, doc }, changes);
    this.grow(collection, 1);
  }

  replace(collection: Collection, stored: Stored, bytes: Buffer, doc: Doc): void {
    const changes = indexChanges(collection, stored.doc, doc);
    this.check(collection, changes, doc, [recordName(collection, stored.record)]);
    this.apply(collection, { record: stored.record, bytes, doc }, changes);
  }

  remove(collection: Collection, stored: Stored): void {
    const changes = indexChanges(collection, stored.doc, undefined);
    this.check(collection, changes, stored.doc, [recordName(collection, stored.record)]);
    this.writer.remove('documents', documentKey(collection.id, stored.record));
    this.applyChanges(collection, stored.record, changes);
    this.grow(collection, -1);
  }

  grow(collection: Collection, by: number): void {
    this.growth.set(collection, (this.growth.get(collection) ?? 0) + by);
  }

  private check(collection: Collection, changes: readonly IndexChange[], doc: Doc, records: string[]): void {
    const names = [...records, ...uniqueNames(changes)];
    for (const name of names) this.locks.requireFree(name);
    for (const { index, added } of changes) {
      if (!index.unique) continue;
      for (const key of added) {
        if (this.writer.get('indexes', entryKeyOf(index, key, 0)) !== undefined) {
          throw duplicateKey(collection, index, key, doc);
        }
      }
    }
    this.touched.push(...names);
  }

  private apply(collection: Collection, stored: Stored, changes: readonly IndexChange[]): void {
    this.writer.put('documents', documentKey(collection.id, stored.record), stored.bytes);
    this.applyChanges(collection, stored.record, changes);
  }

  private applyChanges(collection: Collection, record: number, changes: readonly IndexChange[]): void {
    writeChanges(this.writer, record, changes);
    saveMultikey(this.writer, this.catalog, collection);
  }
}

/** Puts and removes the index entries of one record. */
export function writeChanges(writer: Writer, record: number, changes: readonly IndexChange[]): void {
  for (const { index, removed } of changes) {
    for (const key of removed) writer.remove('indexes', entryKeyOf(index, key, record));
  }
  const value = recordBytes(record);
  for (const { index, added } of changes) {
    for (const key of added) writer.put('indexes', entryKeyOf(index, key, record), value);
  }
}

/** Stores that an index has become multikey, in the same commit as its first such key. */
export function saveMultikey(writer: Writer, catalog: Catalog, collection: Collection): void {
  if (!collection.indexes.some((index) => index.multikeyChanged)) return;
  for (const index of collection.indexes) index.multikeyChanged = false;
  catalog.save(writer, collection);
}
