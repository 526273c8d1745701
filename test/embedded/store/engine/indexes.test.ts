import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { failure, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };
type Rows = mongoose.mongo.Collection<Row>;

let context: TestStore;
let rows: Rows;
let counter = 0;

beforeAll(async () => {
  context = await openStore({ ttlSeconds: 0.05 });
});

afterAll(() => context.close());

beforeEach(() => {
  rows = context.client.db('indexes').collection<Row>(`rows${counter++}`);
});

interface Explained {
  stages: string[];
  index: string | undefined;
  keys: number;
  docs: number;
  returned: number;
}

async function explained(cursor: mongoose.mongo.FindCursor<unknown>): Promise<Explained> {
  const { queryPlanner, executionStats } = await cursor.explain('executionStats');
  const stages: string[] = [];
  let index: string | undefined;
  for (let stage = queryPlanner.winningPlan; stage !== undefined; stage = stage.inputStage) {
    stages.push(stage.stage);
    index = stage.indexName ?? index;
  }
  return {
    stages,
    index,
    keys: executionStats.totalKeysExamined,
    docs: executionStats.totalDocsExamined,
    returned: executionStats.nReturned,
  };
}

async function fill(count: number, make: (n: number) => Omit<Row, '_id'>): Promise<void> {
  await rows.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, ...make(n) })));
}

describe('plans', () => {
  test('equality, then a range in sort order: a page reads a page', async () => {
    await rows.createIndex({ inbox: 1, updatedAt: -1, _id: 1 });
    await fill(2000, (n) => ({ inbox: n % 2, updatedAt: n }));
    const page = rows
      .find({ inbox: 1, updatedAt: { $lte: 1500 } })
      .sort({ updatedAt: -1, _id: 1 })
      .limit(20);
    expect(await explained(page)).toEqual({
      stages: ['FETCH', 'IXSCAN'],
      index: 'inbox_1_updatedAt_-1__id_1',
      keys: 20,
      docs: 20,
      returned: 20,
    });
    expect((await page.toArray()).map(({ _id }) => _id)[0]).toBe(1499);
  });

  test('several points are merged into one order', async () => {
    await rows.createIndex({ state: 1, at: 1 });
    await fill(600, (n) => ({ state: ['a', 'b', 'c'][n % 3], at: 1000 - n }));
    const page = rows
      .find({ state: { $in: ['a', 'c'] } })
      .sort({ at: 1 })
      .limit(10);
    const plan = await explained(page);
    expect(plan.stages).toEqual(['FETCH', 'SORT_MERGE', 'IXSCAN']);
    expect(plan.docs).toBeLessThanOrEqual(12);
    const found = (await page.toArray()).map(({ at }) => at);
    expect(found).toEqual([401, 403, 404, 406, 407, 409, 410, 412, 413, 415]);
  });

  test('without a fitting index the collection is walked, and sorted in memory', async () => {
    await fill(50, (n) => ({ n: (n * 7) % 50 }));
    const query = rows.find({ n: { $gt: 40 } }).sort({ n: -1 });
    expect(await explained(query)).toMatchObject({ stages: ['SORT', 'COLLSCAN'], docs: 50 });
    expect((await query.toArray()).map(({ n }) => n)).toEqual([49, 48, 47, 46, 45, 44, 43, 42, 41]);
  });

  test('the lookup by _id reads one document', async () => {
    await fill(100, () => ({}));
    expect(await explained(rows.find({ _id: 7 }))).toMatchObject({ index: '_id_', keys: 1, docs: 1 });
  });

  test('a hint decides, and an unknown one is refused', async () => {
    await rows.createIndex({ a: 1 });
    await fill(10, (n) => ({ a: n, b: n }));
    expect(await explained(rows.find({ b: 3 }).hint('a_1'))).toMatchObject({ index: 'a_1', keys: 10 });
    expect(await explained(rows.find({ a: 3 }).hint({ $natural: 1 }))).toMatchObject({ stages: ['COLLSCAN'] });
    expect(await failure(rows.find().hint('nope').toArray())).toMatchObject({ code: 2 });
  });

  test('an array is indexed by its elements, and each document comes once', async () => {
    await rows.createIndex({ tags: 1, at: -1 });
    await fill(300, (n) => ({ tags: [`t${n % 3}`, `t${(n + 1) % 3}`, 'prefix-a', 'prefix-b'], at: n }));
    const page = rows.find({ tags: 't1' }).sort({ at: -1 }).limit(5);
    expect(await explained(page)).toMatchObject({ stages: ['FETCH', 'IXSCAN'], keys: 5 });
    expect(await rows.countDocuments({ tags: /^prefix/ })).toBe(300);
    expect(await rows.countDocuments({ tags: { $all: ['t1', 't2'] } })).toBe(100);
  });

  test('a partial index is used only where the filter implies it', async () => {
    await rows.createIndex({ identity: 1 }, { unique: true, partialFilterExpression: { current: true } });
    await fill(60, (n) => ({ identity: n < 30 ? n : 5, current: n < 30 }));
    expect((await explained(rows.find({ identity: 5, current: true }))).index).toBe('identity_1');
    expect((await explained(rows.find({ identity: 5 }))).index).toBeUndefined();
    expect(await rows.countDocuments({ identity: 5 })).toBe(31);
    expect(await failure(rows.insertOne({ _id: 100, identity: 5, current: true }))).toMatchObject({ code: 11000 });
    await rows.updateOne({ _id: 5 }, { $set: { current: false } });
    await rows.insertOne({ _id: 100, identity: 5, current: true });
  });

  test('a partial index by type keeps an optional unique key', async () => {
    await rows.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { key: { $type: 'string' } } });
    await rows.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3, key: null }, { _id: 4, key: 'a' }]);
    expect(await failure(rows.insertOne({ _id: 5, key: 'a' }))).toMatchObject({ code: 11000 });
    expect((await explained(rows.find({ key: 'a' }))).index).toBe('key_1');
    expect((await explained(rows.find({ key: null }))).index).toBeUndefined();
    expect(await rows.countDocuments({ key: null })).toBe(3);
  });

  test('a sparse index leaves out documents without the field, and queries that need them', async () => {
    await rows.createIndex({ n: 1 }, { sparse: true, unique: true });
    await rows.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3, n: 1 }]);
    expect((await rows.find().sort({ n: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 2, 3]);
    expect((await explained(rows.find({ n: 1 }))).index).toBe('n_1');
  });

  test('a document that outgrows its keys loses the old ones', async () => {
    await rows.createIndex({ n: 1 });
    await fill(20, (n) => ({ n }));
    await rows.updateMany({}, { $inc: { n: 100 } });
    await rows.deleteOne({ n: 105 });
    expect(await rows.countDocuments({ n: { $lt: 100 } })).toBe(0);
    expect(await explained(rows.find({ n: { $gte: 100 } }))).toMatchObject({ keys: 19, docs: 19 });
  });
});

describe('creating and dropping', () => {
  test('an index over existing documents is complete, and refuses duplicates', async () => {
    await fill(1700, (n) => ({ n: n % 1699 }));
    await rows.createIndex({ n: 1, _id: 1 });
    expect(await explained(rows.find({ n: 3 }))).toMatchObject({ index: 'n_1__id_1', keys: 1 });
    expect(await failure(rows.createIndex({ n: 1 }, { unique: true }))).toMatchObject({ code: 11000 });
    expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1__id_1']);
  });

  test('who asks for an index that is being built learns what came of it', async () => {
    await rows.insertMany(Array.from({ length: 1500 }, (_, _id) => ({ _id, n: _id % 1499, m: _id })));
    const unique = { unique: true };
    const failures = await Promise.all([1, 2, 3].map(() => failure(rows.createIndex({ n: 1 }, unique))));
    expect(failures.map(({ code }) => code)).toEqual([11000, 11000, 11000]);
    await Promise.all([1, 2, 3].map(() => rows.createIndex({ m: 1 }, unique)));
    expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_', 'm_1']);
    expect(
      await rows
        .find({ m: { $gte: 1498 } })
        .hint('m_1')
        .toArray(),
    ).toHaveLength(2);
  });

  test('writers go on while an index is built', async () => {
    await fill(3000, (n) => ({ n }));
    const building = rows.createIndex({ n: 1 });
    await Promise.all([
      building,
      ...Array.from({ length: 50 }, (_, at) => rows.updateOne({ _id: at * 50 }, { $set: { n: -at } })),
      ...Array.from({ length: 50 }, (_, at) => rows.deleteOne({ _id: at * 50 + 1 })),
      ...Array.from({ length: 50 }, (_, at) => rows.insertOne({ _id: 10_000 + at, n: 10_000 + at })),
    ]);
    const byIndex = await rows
      .find({ n: { $gte: -1e9 } })
      .hint('n_1')
      .toArray();
    const all = await rows.find().hint({ $natural: 1 }).toArray();
    expect(byIndex.map(({ _id }) => _id).sort((a, b) => a - b)).toEqual(
      all.map(({ _id }) => _id).sort((a, b) => a - b),
    );
  });

  test('same specification again is fine, another one under the name is not', async () => {
    await rows.createIndex({ a: 1 }, { name: 'x' });
    await rows.createIndex({ a: 1 }, { name: 'x' });
    expect(await failure(rows.createIndex({ b: 1 }, { name: 'x' }))).toMatchObject({ code: 86 });
    expect(await failure(rows.createIndex({ a: 1 }, { name: 'y' }))).toMatchObject({ code: 85 });
    await rows.dropIndex('x');
    expect(await failure(rows.dropIndex('x'))).toMatchObject({ code: 27 });
    expect(await failure(rows.dropIndex('_id_'))).toMatchObject({ code: 72 });
  });

  test('a key that is too long is refused by name', async () => {
    await rows.createIndex({ text: 1 });
    const problem = await failure(rows.insertOne({ _id: 1, text: 'x'.repeat(3000) }));
    expect(problem).toMatchObject({ code: 17280 });
    expect(problem.message).toMatch(/3003 bytes for the index text_1 .* at most 1900/);
    expect(await rows.countDocuments()).toBe(0);
  });

  test.each([1890, 1900, 1980, 5000])(
    'values of %d bytes, which no index can hold, are looked for all the same',
    async (size) => {
      await rows.createIndex({ text: 1 });
      await rows.createIndex({ down: -1, text: 1 });
      const stored = 'x'.repeat(1880);
      await rows.insertMany([
        { _id: 1, text: stored, down: 'a' },
        { _id: 2, text: 'y', down: 'b' },
      ]);
      const long = 'x'.repeat(size);
      const ids = async (filter: object): Promise<unknown[]> =>
        (await rows.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
      for (const field of ['text', 'down', '_id']) expect(await ids({ [field]: long })).toEqual([]);
      expect(await ids({ text: { $gt: long } })).toEqual([2]);
      expect(await ids({ text: { $lt: long } })).toEqual([1]);
      expect(await ids({ text: { $in: [long, stored] } })).toEqual([1]);
      expect(await ids({ down: { $lt: long } })).toEqual([1, 2]);
      expect(await rows.countDocuments({ text: { $gte: long } })).toBe(1);
    },
  );

  test.each<[string, object]>([
    ['default_language', { default_language: 'english' }],
    ['weights', { weights: { text: 2 } }],
  ])('a text index with %s is refused as a text index', async (_option, options) => {
    const problem = await failure(rows.createIndex({ text: 'text' }, options));
    expect(problem).toMatchObject({ code: 67, message: expect.stringContaining("'text'") });
  });

  test('dropped and created again, a collection is empty', async () => {
    await rows.createIndex({ n: 1 });
    await fill(1200, (n) => ({ n }));
    await rows.drop();
    expect(await rows.countDocuments({ n: { $gte: 0 } })).toBe(0);
    await rows.insertOne({ _id: 1, n: 1 });
    expect(await rows.find().toArray()).toEqual([{ _id: 1, n: 1 }]);
    const names = (await context.client.db('indexes').listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    expect(names).toContain(rows.collectionName);
  });

  test('documents past their time are removed, also by a partial TTL index', async () => {
    await rows.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { done: true } });
    const past = new Date(Date.now() - 60_000);
    await rows.insertMany([
      { _id: 1, at: past, done: true },
      { _id: 2, at: past, done: false },
      { _id: 3, at: new Date(Date.now() + 60_000), done: true },
      { _id: 4, at: 'text', done: true },
    ]);
    while ((await rows.countDocuments()) > 3) await new Promise((resolve) => setImmediate(resolve));
    expect((await rows.find().toArray()).map(({ _id }) => _id)).toEqual([2, 3, 4]);
  });
});
