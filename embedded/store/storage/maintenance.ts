import { decodeDoc, Doc } from '../values/index.js';
import { Query } from '../planner/query.js';
import { LockedError } from '../transaction/locks.js';
import type { Collection } from './catalog.js';
import type { IndexDefinition } from './index-definition.js';
import { documentKey, wholeRange } from './keys.js';
import type { Store } from './store.js';

/** Keys removed, or documents expired, in one commit. */
const CHUNK = 500;

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Removes the data of dropped collections and indexes, a piece per commit. */
export async function collectTrash(store: Store): Promise<void> {
  for (const trash of [...store.catalog.trash()]) {
    for (let more = true; more; await breathe()) {
      more = await store.writeOnce(({ writer }) => {
        const entries = writer.range(trash.table, wholeRange(trash.id), CHUNK);
        for (const { key } of entries) writer.remove(trash.table, key);
        if (entries.length < CHUNK) store.catalog.forget(writer, trash);
        return entries.length === CHUNK;
      });
    }
  }
}

/** Throws away indexes whose building was cut off by a crash; whoever wanted them was not told that they exist. */
export async function dropUnfinishedIndexes(store: Store): Promise<void> {
  const unfinished = store.catalog
    .all()
    .flatMap((collection) =>
      collection.indexes.filter((index) => !index.ready).map((index) => ({ collection, index })),
    );
  if (unfinished.length === 0) return;
  await store.writeOnce(({ writer }) => {
    for (const { collection, index } of unfinished) store.catalog.removeIndex(writer, collection, index);
  });
}

/** Deletes the documents that TTL indexes say have expired. Documents that a transaction is writing wait for the next round. */
export async function expireDocuments(store: Store, now: Date): Promise<void> {
  for (const collection of store.catalog.all()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== undefined && index.ready) await expireBy(store, collection, index, now);
    }
  }
}

async function expireBy(store: Store, collection: Collection, index: IndexDefinition, now: Date): Promise<void> {
  const field = index.pattern[0]?.[0] as string;
  const limit = new Date(now.getTime() - (index.expireAfterSeconds ?? 0) * 1000);
  const filter = new Doc([field], [new Doc(['$lt'], [limit])]);
  const inPartial = index.inPartial;
  for (let more = true; more && store.catalog.has(collection); await breathe()) {
    const query = new Query({ filter, force: index, limit: CHUNK });
    const records = [...query.items(store.newest, collection)].flatMap((item) =>
      item === undefined || inPartial?.(item.doc) === false ? [] : [item.record],
    );
    const deleted = await store.writeOnce((target) => {
      let count = 0;
      for (const record of records) {
        const bytes = target.writer.get('documents', documentKey(collection.id, record));
        const doc = bytes === undefined ? undefined : decodeDoc(bytes);
        if (bytes === undefined || doc === undefined || !query.matches(doc) || inPartial?.(doc) === false) continue;
        try {
          target.remove(collection, { record, bytes, doc });
          count += 1;
        } catch (error) {
          if (!(error instanceof LockedError)) throw error;
        }
      }
      return count;
    });
    more = deleted === CHUNK;
  }
}

/** Removes the records of sessions that nobody used for `minutes`. */
export async function expireSessions(store: Store, now: Date, minutes: number): Promise<void> {
  const oldest = now.getTime() - minutes * 60_000;
  const isOld = (value: Buffer | undefined): boolean =>
    value !== undefined && (decodeDoc(value).get('at') as Date).getTime() < oldest;
  let low = Buffer.from([0]);
  const high = Buffer.alloc(17, 255);
  for (;;) {
    const entries = store.environment.range('sessions', { low, high }, CHUNK);
    const last = entries[entries.length - 1];
    if (last === undefined) return;
    const expired = entries.filter(({ value }) => isOld(value));
    if (expired.length > 0) {
      await store.environment.write((writer) => {
        // The session may have come back since.
        for (const { key } of expired) if (isOld(writer.get('sessions', key))) writer.remove('sessions', key);
      });
    }
    low = Buffer.concat([last.key, Buffer.from([0])]);
    await breathe();
  }
}
