import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection } from '../../../../embedded/store/storage/catalog.js';
import { expireDocuments } from '../../../../embedded/store/storage/maintenance.js';
import { buildIndexes } from '../../../../embedded/store/storage/index-build.js';
import { openData, type OpenData } from '../../../../embedded/store/storage/open-data.js';
import { commitOverlay } from '../../../../embedded/store/transaction/commit.js';
import { verify } from '../../../../embedded/store/storage/verify.js';
import { Query } from '../../../../embedded/store/planner/query.js';
import { Doc, encodeDoc, type Value } from '../../../../embedded/store/values/index.js';
import { removeDirectories, temporaryDirectory } from './support/stores.js';

let directory: string;
let data: OpenData;
let rows: Collection;

beforeEach(async () => {
  directory = temporaryDirectory();
  data = await openData(directory);
  rows = await data.store.createCollection('db', 'rows');
});

afterEach(async () => {
  await data.environment.close();
  removeDirectories();
});

function indexSpec(field: string, ...options: Array<[string, Value]>): Doc {
  return Doc.of([['v', 2], ['key', Doc.of([[field, 1]])], ['name', `${field}_1`], ...options]);
}

function row(_id: number, at: Date): Doc {
  return Doc.of([
    ['_id', _id],
    ['at', at],
  ]);
}

async function insert(...docs: Doc[]): Promise<void> {
  await data.store.write((target) => docs.forEach((doc) => target.insert(rows, encodeDoc(doc) as Buffer, doc)));
}

const stored = (): number => data.store.documentCount(rows);

describe('the removal of expired documents', () => {
  const now = new Date('2030-01-01T00:10:00Z');
  const expired = new Date('2030-01-01T00:00:00Z');
  const ttl = indexSpec('at', ['expireAfterSeconds', 60]);

  test('leaves documents that live on, and one that was renewed after it was found', async () => {
    await buildIndexes(data.store, rows, [ttl]);
    await insert(row(1, expired), row(2, expired), row(3, new Date(now.getTime() - 30_000)));
    // Waits for its turn while the cleaner searches, and is made before the cleaner removes what it found.
    const renewal = data.store.write((target) => {
      const query = new Query({ filter: Doc.of([['_id', 1]]) });
      const [item] = [...query.items(target.view, rows)];
      if (item === undefined) throw new Error('the document is not there');
      target.replace(rows, item, encodeDoc(row(1, now)) as Buffer, row(1, now));
    });
    await Promise.all([renewal, expireDocuments(data.store, now)]);
    expect(stored()).toBe(2);
  });

  test('stops when its index is dropped', async () => {
    await buildIndexes(data.store, rows, [ttl]);
    await insert(...Array.from({ length: 1200 }, (_, _id) => row(_id, expired)));
    const dropped = data.store.writeAlone([rows], ({ writer }) => {
      const index = rows.indexes[1];
      if (index !== undefined) data.store.catalog.removeIndex(writer, rows, index);
    });
    await Promise.all([dropped, expireDocuments(data.store, now)]);
    expect(stored()).toBe(1200);
  });
});

test('after a start, arrays are still known to be in an index, and new documents take new places', async () => {
  const within = (_id: number, tags: number[]): Doc =>
    Doc.of([
      ['_id', _id],
      ['tags', tags],
    ]);
  await buildIndexes(data.store, rows, [indexSpec('tags')]);
  await insert(within(1, [1, 9]), within(2, [4]));
  await data.environment.close();
  data = await openData(directory);
  rows = await data.store.createCollection('db', 'rows');
  const found = (filter: Doc): Value[] =>
    [...new Query({ filter }).items(data.store.newest, rows)].flatMap((item) => item?.doc.get('_id') ?? []);
  // Met by two elements of the first document together.
  const range = Doc.of([
    ['$gt', 3],
    ['$lt', 5],
  ]);
  expect(found(Doc.of([['tags', range]])).sort()).toEqual([1, 2]);
  await insert(within(3, [2]));
  expect(found(new Doc())).toEqual([1, 2, 3]);
});

test('an index that was not finished is gone after the next start', async () => {
  await insert(row(1, new Date(0)), row(2, new Date(0)));
  await data.store.writeOnce(({ writer }) =>
    data.store.catalog.addIndex(writer, rows, indexSpec('at', ['unique', true])),
  );
  await data.environment.close();
  data = await openData(directory);
  rows = await data.store.createCollection('db', 'rows');
  expect(rows.indexes.map(({ name }) => name)).toEqual(['_id_']);
  await insert(row(3, new Date(1)), row(4, new Date(1)));
  expect(stored()).toBe(4);
});

test('a transaction that came to the collection while an index waited to be built keeps it unique', async () => {
  const { store } = data;
  const at = new Date(5);
  const [before, beside] = [store.begin(), store.begin()];
  before.insert(rows, encodeDoc(row(1, new Date(1))), row(1, new Date(1)));
  const built = buildIndexes(store, rows, [indexSpec('at', ['unique', true])]);
  for (const _id of [2, 3]) beside.insert(rows, encodeDoc(row(_id, at)), row(_id, at));
  before.finish();
  await built;
  await expect(commitOverlay(store, beside, () => undefined)).rejects.toMatchObject({ code: 112 });
  beside.finish();
  expect([stored(), (await verify(store)).problems]).toEqual([0, []]);
});
