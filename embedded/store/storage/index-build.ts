import { decodeDoc, StoreError, type Doc } from '../values/index.js';
import { saveMultikey, writeChanges, type DirectTarget } from '../transaction/direct-target.js';
import { namespaceOf, type Collection } from './catalog.js';
import { keysOf, type IndexDefinition } from './index-definition.js';
import { entryKey, readRecord, recordOfKey, wholeRange } from './keys.js';
import { duplicateKey } from './records.js';
import type { Store } from './store.js';

/** Documents indexed in one commit. */
const CHUNK = 500;

/**
 * Builds indexes while writers go on: they maintain the new indexes from the first commit, and the documents that were
 * there before are added chunk by chunk. Indexes are used once all of them are complete. When a unique one meets a
 * duplicate, all are removed again and the E11000 error is thrown. Call {@link settleBuilds} first.
 */
export function buildIndexes(store: Store, collection: Collection, specs: readonly Doc[]): Promise<void> {
  const build = runBuild(store, collection, specs).finally(() => (collection.building = undefined));
  collection.building = build;
  return build;
}

/**
 * Waits until nothing is being built on the collection, and removes what a failed build could not take back. Whoever
 * asks for an index that is being built learns what came of it.
 */
export async function settleBuilds(store: Store, collection: Collection): Promise<void> {
  while (collection.building !== undefined) await collection.building.catch(() => undefined);
  const leftovers = collection.indexes.filter((index) => !index.ready);
  if (leftovers.length > 0) await removeAgain(store, collection, leftovers);
}

async function runBuild(store: Store, collection: Collection, specs: readonly Doc[]): Promise<void> {
  // A transaction that goes on beside it computes its index entries when it commits, and reads without the new index.
  const indexes = await store.writeAfterUsers(collection, ({ writer }) =>
    specs.map((spec) => store.catalog.addIndex(writer, collection, spec)),
  );
  try {
    await fillIndexes(store, collection, indexes);
  } catch (error) {
    // What cannot be removed now, on a full disk, is removed by the next build or the next start.
    await removeAgain(store, collection, indexes).catch(() => undefined);
    throw error;
  }
  for (const index of collection.indexes) if (isAmong(index, indexes)) index.ready = true;
}

/** By id: `collMod` puts a changed definition in the place of the old one. */
function isAmong(index: IndexDefinition, others: readonly IndexDefinition[]): boolean {
  return others.some(({ id }) => id === index.id);
}

/** Adds every document to the indexes, a chunk per commit, and marks them complete on disk with the last one. */
export async function fillIndexes(
  store: Store,
  collection: Collection,
  indexes: readonly IndexDefinition[],
): Promise<void> {
  let from: Buffer | undefined = wholeRange(collection.id).low;
  while (from !== undefined) {
    const low: Buffer = from;
    from = await store.writeOnce((target) => indexChunk(store, target, collection, indexes, low));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

async function removeAgain(store: Store, collection: Collection, indexes: readonly IndexDefinition[]): Promise<void> {
  await store.writeOnce(({ writer }) => {
    for (const index of collection.indexes) {
      if (isAmong(index, indexes)) store.catalog.removeIndex(writer, collection, index);
    }
  });
}

/** Adds the next documents; returns where to go on, or nothing after the last. Throws before it writes. */
function indexChunk(
  store: Store,
  target: DirectTarget,
  collection: Collection,
  indexes: readonly IndexDefinition[],
  low: Buffer,
): Buffer | undefined {
  requireWanted(store, collection, indexes);
  const { writer } = target;
  const { high } = wholeRange(collection.id);
  const entries = writer.range('documents', { low, high }, CHUNK);
  const last = entries.length < CHUNK ? undefined : entries[entries.length - 1];
  const additions = entries.map((entry) => {
    const doc = decodeDoc(entry.value);
    const record = recordOfKey(entry.key);
    return { record, doc, changes: indexes.map((index) => ({ index, removed: [], added: keysOf(index, doc) })) };
  });
  const seen = new Map<string, number>();
  for (const { record, doc, changes } of additions) {
    for (const { index, added } of changes) {
      for (const key of index.unique ? added : []) {
        const table = entryKey(index.id, key);
        const stored = writer.get('indexes', table);
        const name = table.toString('latin1');
        const holder = stored === undefined ? seen.get(name) : readRecord(stored);
        if (holder !== undefined && holder !== record) throw duplicateKey(collection, index, key, doc);
        seen.set(name, record);
      }
    }
  }
  for (const { record, changes } of additions) writeChanges(writer, record, changes);
  if (last === undefined) finish(store, target, collection, indexes);
  else saveMultikey(writer, store.catalog, collection);
  return last === undefined ? undefined : Buffer.concat([last.key, Buffer.from([0])]);
}

/** Throws StoreError 276 when the collection or one of the indexes was dropped since the last chunk. */
function requireWanted(store: Store, collection: Collection, indexes: readonly IndexDefinition[]): void {
  const there = indexes.every((index) => isAmong(index, collection.indexes));
  if (there && store.catalog.has(collection)) return;
  throw new StoreError(276, `The index build on ${namespaceOf(collection)} was aborted: what it builds was dropped`, {
    codeName: 'IndexBuildAborted',
  });
}

/** Makes the indexes complete on disk with this commit; readers use them once it is durable. */
function finish(store: Store, target: DirectTarget, collection: Collection, indexes: readonly IndexDefinition[]): void {
  target.touched.push(`catalog:${collection.id}`);
  for (const index of collection.indexes) if (isAmong(index, indexes)) index.readySequence = store.nextSequence;
  store.catalog.save(target.writer, collection, indexes);
}
