import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { failure, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };
type Session = mongoose.mongo.ClientSession;

let context: TestStore;
let rows: mongoose.mongo.Collection<Row>;
let others: mongoose.mongo.Collection<Row>;
let counter = 0;

beforeAll(async () => {
  context = await openStore({ transactionLifetimeSeconds: 60 });
});

afterAll(() => context.close());

beforeEach(async () => {
  const db = context.client.db('tx');
  rows = db.collection<Row>(`rows${counter}`);
  others = db.collection<Row>(`others${counter++}`);
  await rows.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, n: _id, tags: [`t${_id}`, 'all'] })));
  await others.insertOne({ _id: 1 });
});

async function inTransaction(work: (session: Session) => Promise<void>): Promise<void> {
  await context.client.withSession(async (session) => {
    session.startTransaction();
    await work(session);
  });
}

/** Entries of an index, which a walk over all of it looks at. */
async function entries(hint: string): Promise<number> {
  const { executionStats } = await rows.find().hint(hint).explain('executionStats');
  return executionStats.totalKeysExamined;
}

test('a commit removes the entries of what its updates and deletes replace', async () => {
  await rows.createIndex({ n: 1 });
  await rows.createIndex({ tags: 1 });
  await inTransaction(async (session) => {
    await rows.updateMany({ n: { $lt: 5 } }, { $inc: { n: 100 }, $set: { tags: ['new'] } }, { session });
    await rows.deleteOne({ _id: 19 }, { session });
    await session.commitTransaction();
  });
  expect(await rows.countDocuments({ n: { $lt: 5 } })).toBe(0);
  expect(await rows.countDocuments({ n: { $gte: 100 } })).toBe(5);
  expect(await entries('n_1')).toBe(19);
  expect(await entries('tags_1')).toBe(5 + 2 * 14);
});

test('a unique key that a transaction gives up stays locked until it ends', async () => {
  await rows.createIndex({ n: 1 }, { unique: true });
  for (const kept of [true, false]) {
    await inTransaction(async (first) => {
      await rows.deleteOne({ _id: 3 }, { session: first });
      const outside = rows.insertOne({ _id: 101, n: 3 }).then(
        () => 'inserted',
        (error: { code?: number }) => error.code,
      );
      await rows.updateOne({ _id: 5 }, { $inc: { n: 1000 } });
      await (kept ? first.abortTransaction() : first.commitTransaction());
      expect(await outside).toBe(kept ? 11000 : 'inserted');
    });
  }
});

test('transactions that overlap without end do not keep an index from being built or dropped', async () => {
  const { client } = context;
  for (const change of [() => rows.createIndex({ n: 1 }, { unique: true }), () => rows.dropIndex('n_1')]) {
    let last = client.startSession();
    last.startTransaction();
    await rows.findOne({}, { session: last });
    let done = false;
    const changed = change().finally(() => (done = true));
    let rounds = 0;
    for (; !done && rounds < 100; rounds++) {
      const next = client.startSession();
      next.startTransaction();
      await rows.updateOne({ _id: rounds % 20 }, { $inc: { n: 1000 } }, { session: next });
      await last.commitTransaction();
      await last.endSession();
      last = next;
    }
    expect(rounds).toBeLessThan(100);
    await changed;
    await last.commitTransaction();
    await last.endSession();
  }
  await rows.createIndex({ n: 1 }, { unique: true });
  expect(await entries('n_1')).toBe(20);
});

describe('an index that is built after the snapshot of a transaction', () => {
  test('is not used by it, since the snapshot does not hold it', async () => {
    await inTransaction(async (session) => {
      await others.findOne({}, { session });
      await rows.createIndex({ n: 1 });
      expect((await rows.find({ n: { $gte: 5 } }, { session }).toArray()).length).toBe(15);
      expect((await rows.find({}, { session }).sort({ n: -1 }).limit(3).toArray()).map(({ n }) => n)).toEqual([
        19, 18, 17,
      ]);
      await session.commitTransaction();
    });
  });

  test('refuses a second document for a unique key at the commit', async () => {
    await inTransaction(async (session) => {
      await others.findOne({}, { session });
      await rows.createIndex({ n: 1 }, { unique: true });
      await rows.insertOne({ _id: 100, n: 7 }, { session });
      expect(await failure(session.commitTransaction())).toMatchObject({
        code: 112,
        errorLabels: ['TransientTransactionError'],
      });
    });
    expect(await rows.countDocuments({ n: 7 })).toBe(1);
    expect(await rows.findOne({ _id: 100 })).toBeNull();
  });
});
