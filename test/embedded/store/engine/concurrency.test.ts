import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { failure, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };

/** More documents than a search inside a commit looks at. */
const MANY = 2500;

let context: TestStore;
let rows: mongoose.mongo.Collection<Row>;
let counter = 0;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

beforeEach(() => {
  rows = context.client.db('concurrency').collection<Row>(`rows${counter++}`);
});

async function fill(): Promise<void> {
  await rows.insertMany(
    Array.from({ length: MANY }, (_, _id) => ({ _id, state: _id < MANY - 20 ? 'done' : 'queued', n: 0 })),
  );
}

describe('searches without an index', () => {
  test('twenty claims at once take twenty different documents', async () => {
    await fill();
    const claims = Array.from({ length: 21 }, (_, owner) =>
      rows.findOneAndUpdate({ state: 'queued' }, { $set: { state: 'taken', owner } }, { returnDocument: 'after' }),
    );
    const taken = (await Promise.all(claims)).flatMap((row) => (row === null ? [] : [row._id]));
    expect(new Set(taken).size).toBe(20);
    expect(taken).toHaveLength(20);
    expect(await rows.countDocuments({ state: 'taken' })).toBe(20);
  });

  test('an update of every document counts each once, while others change them too', async () => {
    await fill();
    const [many] = await Promise.all([
      rows.updateMany({}, { $inc: { n: 1 } }),
      ...Array.from({ length: 30 }, (_, at) => rows.updateOne({ _id: at * 80 }, { $inc: { n: 1 } })),
      rows.deleteMany({ state: 'queued' }),
    ]);
    expect(many.matchedCount).toBeGreaterThanOrEqual(MANY - 20);
    const sums = await rows.aggregate([{ $group: { _id: null, n: { $sum: '$n' }, rows: { $sum: 1 } } }]).toArray();
    expect(sums).toEqual([{ _id: null, n: MANY - 20 + 30, rows: MANY - 20 }]);
  });

  test('an upsert that finds nothing inserts once', async () => {
    await fill();
    expect(await rows.updateOne({ state: 'none' }, { $set: { n: 5 } }, { upsert: true })).toMatchObject({
      upsertedCount: 1,
    });
    expect(await rows.updateOne({ state: 'none' }, { $set: { n: 6 } }, { upsert: true })).toMatchObject({
      upsertedCount: 0,
      modifiedCount: 1,
    });
    expect(await rows.deleteOne({ state: 'none' })).toMatchObject({ deletedCount: 1 });
  });

  test('others are answered during a long search, and maxTimeMS ends it', async () => {
    await fill();
    let pings = 0;
    let running = true;
    const pinging = (async () => {
      for (; running; pings += 1) await context.client.db('admin').command({ ping: 1 });
    })();
    // The expression backtracks for some hundred microseconds at every document, however fast the machine is.
    await rows.updateMany({}, { $set: { text: 'x'.repeat(14) } });
    const pipeline = [{ $match: { text: { $not: /^(x+)+y$/ } } }, { $group: { _id: '$n', ids: { $push: '$_id' } } }];
    expect(await rows.aggregate(pipeline).toArray()).toHaveLength(1);
    running = false;
    await pinging;
    expect(pings).toBeGreaterThan(2);
    const slow = rows.find({ $or: Array.from({ length: 200 }, (_, n) => ({ state: `no${n}` })) }).maxTimeMS(1);
    expect(await failure(slow.toArray())).toMatchObject({ code: 50 });
  });
});

describe('cursors and concurrent changes', () => {
  test('a cursor goes on from where it was, without documents that were deleted meanwhile', async () => {
    await rows.createIndex({ n: 1 });
    await rows.insertMany(Array.from({ length: 200 }, (_, _id) => ({ _id, n: _id })));
    for (const hint of ['n_1', { $natural: 1 as const }]) {
      await rows.deleteMany({ _id: { $gte: 200 } });
      const cursor = rows.find({ n: { $gte: 0 } }, { batchSize: 10 }).hint(hint);
      const seen = [(await cursor.next())?._id];
      await rows.deleteMany({ n: { $gte: 15, $lt: 25 } });
      await rows.insertOne({ _id: 1000, n: 1000 });
      for await (const { _id } of cursor) seen.push(_id);
      const gone = (id: number): boolean => id >= 15 && id < 25;
      expect(seen).toEqual([...Array.from({ length: 200 }, (_, n) => n).filter((n) => !gone(n)), 1000]);
      await rows.insertMany(Array.from({ length: 10 }, (_, at) => ({ _id: 15 + at, n: 15 + at })));
      await rows.drop();
      await rows.createIndex({ n: 1 });
      await rows.insertMany(Array.from({ length: 200 }, (_, _id) => ({ _id, n: _id })));
    }
  });
});
