import { namespaceOf, type Collection } from '../storage/catalog.js';
import type { Writer } from '../storage/environment.js';
import { documentKey, readRecord, recordBytes } from '../storage/keys.js';
import {
  entryKeyOf,
  indexChanges,
  recordName,
  uniqueName,
  uniqueNames,
  type IndexChange,
  type Stored,
} from '../storage/records.js';
import type { Store } from '../storage/store.js';
import type { ClientTransaction } from './client-transaction.js';
import { saveMultikey, type DirectTarget } from './direct-target.js';
import { writeConflict } from './locks.js';

interface RecordWrite {
  collection: Collection;
  record: number;
  after: Stored | undefined;
  changes: IndexChange[];
  /** Documents more (1) or fewer (-1). */
  growth: number;
}

/**
 * Applies the overlay of a transaction in one commit; `alongside` adds what must become durable with it. The caller
 * ends the transaction. Throws a write conflict when an index made since its snapshot refuses a document.
 */
export async function commitOverlay(
  store: Store,
  transaction: ClientTransaction,
  alongside: (writer: Writer) => void,
): Promise<void> {
  await store.writeOnce((target) => {
    const writes = plannedWrites(store, transaction);
    checkUnique(target.writer, writes);
    for (const collection of transaction.created.values()) store.catalog.adopt(target.writer, collection);
    applyWrites(store, target, writes);
    alongside(target.writer);
  });
}

function plannedWrites(store: Store, transaction: ClientTransaction): RecordWrite[] {
  const writes: RecordWrite[] = [];
  for (const { database, name } of transaction.created.values()) {
    if (store.catalog.find(database, name) !== undefined) throw writeConflict();
  }
  for (const { collection, records } of transaction.written.values()) {
    if (!store.catalog.has(collection) && !transaction.created.has(namespaceOf(collection))) throw writeConflict();
    for (const [record, { before, after }] of records) {
      const growth = (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
      writes.push({ collection, record, after, growth, changes: indexChanges(collection, before?.doc, after?.doc) });
    }
  }
  return writes;
}

function checkUnique(writer: Writer, writes: readonly RecordWrite[]): void {
  const givenUp = new Set<string>();
  for (const { changes } of writes) {
    for (const { index, removed } of changes) for (const key of removed) givenUp.add(uniqueName(index, key));
  }
  // An index that is younger than two documents of the overlay has not kept them apart yet.
  const takers = new Map<string, number>();
  for (const { changes, record } of writes) {
    for (const { index, added } of changes) {
      if (!index.unique) continue;
      for (const key of added) {
        const name = uniqueName(index, key);
        const holder = writer.get('indexes', entryKeyOf(index, key, record));
        const taken = holder !== undefined && readRecord(holder) !== record;
        if ((taken && !givenUp.has(name)) || (takers.get(name) ?? record) !== record) throw writeConflict();
        takers.set(name, record);
      }
    }
  }
}

function applyWrites(store: Store, target: DirectTarget, writes: readonly RecordWrite[]): void {
  const { writer } = target;
  // Every removal first: one record may take over the unique key that another gives up.
  for (const { changes, record } of writes) {
    for (const { index, removed } of changes)
      for (const key of removed) writer.remove('indexes', entryKeyOf(index, key, record));
  }
  for (const { collection, record, after, changes, growth } of writes) {
    const value = recordBytes(record);
    for (const { index, added } of changes)
      for (const key of added) writer.put('indexes', entryKeyOf(index, key, record), value);
    const key = documentKey(collection.id, record);
    if (after !== undefined) writer.put('documents', key, after.bytes);
    else if (growth < 0) writer.remove('documents', key);
    target.grow(collection, growth);
    target.touched.push(recordName(collection, record), ...uniqueNames(changes));
    saveMultikey(writer, store.catalog, collection);
  }
}
