import { decodeDoc, type Doc } from '../values/index.js';
import { namespaceOf, type Collection, type Trash } from './catalog.js';
import { keysOf, type IndexDefinition } from './index-definition.js';
import { ID_BYTES, readRecord, recordOfKey, wholeRange } from './keys.js';
import type { Writer } from './environment.js';
import { fillIndexes } from './index-build.js';
import { entryKeyOf } from './records.js';
import type { Store } from './store.js';

/** What a check of the whole store found. */
export interface VerifyReport {
  collections: number;
  documents: number;
  entries: number;
  /** One line per fault; empty when all is well. */
  problems: string[];
  /** One line per thing that was put right. */
  repaired: string[];
}

/** Documents looked at in one go. */
const CHUNK = 500;

/**
 * Reads every document and every index entry and compares them. With `repair`, unreadable documents are removed and
 * indexes with faults are built again; run it while no client is connected.
 */
export async function verify(store: Store, repair = false): Promise<VerifyReport> {
  const report: VerifyReport = { collections: 0, documents: 0, entries: 0, problems: [], repaired: [] };
  for (const collection of store.catalog.all()) {
    report.collections += 1;
    const faulty = await verifyCollection(store, collection, report, repair);
    if (repair && faulty.size > 0) await rebuild(store, collection, [...faulty], report);
  }
  for (const trash of [...strays(store, 'documents'), ...strays(store, 'indexes')]) {
    report.problems.push(`The ${trash.table} under number ${trash.id} belong to no collection`);
    if (!repair) continue;
    await store.writeOnce(({ writer }) => store.catalog.discard(writer, trash));
    report.repaired.push(`Left the ${trash.table} under number ${trash.id} to the cleaner`);
  }
  return report;
}

/** Data that no collection knows and that is not waiting to be removed either. */
function strays(store: Store, table: Trash['table']): Trash[] {
  const known = new Set(store.catalog.trash().flatMap((trash) => (trash.table === table ? [trash.id] : [])));
  for (const { id, indexes } of store.catalog.all()) {
    for (const own of table === 'documents' ? [id] : indexes.map((index) => index.id)) known.add(own);
  }
  const found: Trash[] = [];
  for (let id = 0; ;) {
    const range = { low: wholeRange(id).low, high: Buffer.alloc(ID_BYTES + 1, 255) };
    const [entry] = store.environment.range(table, range, 1);
    if (entry === undefined) return found;
    const owner = entry.key.readUInt32BE();
    if (!known.has(owner)) found.push({ table, id: owner });
    id = owner + 1;
  }
}

async function verifyCollection(
  store: Store,
  collection: Collection,
  report: VerifyReport,
  repair: boolean,
): Promise<Set<IndexDefinition>> {
  const expected = new Map(collection.indexes.map((index) => [index, 0]));
  const faulty = new Set<IndexDefinition>();
  const unreadable: Buffer[] = [];
  for await (const { key, value } of walk(store, 'documents', collection.id)) {
    report.documents += 1;
    const doc = readable(value);
    if (doc === undefined) {
      report.problems.push(`${namespaceOf(collection)}: record ${recordOfKey(key)} is unreadable`);
      unreadable.push(key);
      continue;
    }
    for (const [index, count] of expected) {
      const missing = checkEntries(store, index, doc, recordOfKey(key));
      expected.set(index, count + missing.entries);
      if (missing.absent > 0) {
        faulty.add(index);
        report.problems.push(`${namespaceOf(collection)}: index ${index.name} lacks record ${recordOfKey(key)}`);
      }
    }
  }
  for (const [index, count] of expected) {
    const found = store.environment.count('indexes', wholeRange(index.id));
    report.entries += found;
    if (found === count || faulty.has(index)) continue;
    faulty.add(index);
    report.problems.push(`${namespaceOf(collection)}: index ${index.name} has ${found} entries instead of ${count}`);
  }
  if (repair && unreadable.length > 0) {
    await store.environment.write((writer) => unreadable.forEach((key) => writer.remove('documents', key)));
    report.repaired.push(`${namespaceOf(collection)}: removed ${unreadable.length} unreadable documents`);
    for (const index of collection.indexes) faulty.add(index);
  }
  return faulty;
}

function readable(value: Buffer): Doc | undefined {
  try {
    const doc = decodeDoc(value);
    return doc.has('_id') ? doc : undefined;
  } catch {
    return undefined;
  }
}

function checkEntries(
  store: Store,
  index: IndexDefinition,
  doc: Doc,
  record: number,
): { entries: number; absent: number } {
  const keys = keysOf(index, doc);
  const absent = keys.filter((key) => {
    const entry = store.environment.get('indexes', entryKeyOf(index, key, record));
    return entry === undefined || readRecord(entry) !== record;
  });
  return { entries: keys.length, absent: absent.length };
}

async function* walk(
  store: Store,
  table: 'documents' | 'indexes',
  id: number,
): AsyncGenerator<{ key: Buffer; value: Buffer }> {
  const { low: first, high } = wholeRange(id);
  let low = first;
  for (;;) {
    const entries = store.environment.range(table, { low, high }, CHUNK);
    yield* entries;
    const last = entries[entries.length - 1];
    if (last === undefined) return;
    low = Buffer.concat([last.key, Buffer.from([0])]);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Empties indexes and fills them again from the documents. */
async function rebuild(
  store: Store,
  collection: Collection,
  indexes: readonly IndexDefinition[],
  report: VerifyReport,
): Promise<void> {
  for (const index of indexes) {
    for (let more = true; more;) more = await store.environment.write((writer) => clearSome(writer, index));
    await fillIndexes(store, collection, [index]);
    report.repaired.push(`${namespaceOf(collection)}: built index ${index.name} again`);
  }
}

function clearSome(writer: Writer, index: IndexDefinition): boolean {
  const entries = writer.range('indexes', wholeRange(index.id), CHUNK);
  for (const { key } of entries) writer.remove('indexes', key);
  return entries.length === CHUNK;
}
