import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { failure, MongoServerError, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number | string };

let context: TestStore;
let rows: mongoose.mongo.Collection<Row>;
let counter = 0;

beforeAll(async () => {
  context = await openStore({ transactionLifetimeSeconds: 60 });
});

afterAll(() => context.close());

beforeEach(async () => {
  rows = context.client.db('tx').collection<Row>(`rows${counter++}`);
  await rows.createIndex({ key: 1 }, { unique: true, sparse: true });
  await rows.insertMany([
    { _id: 1, n: 1, group: 'a' },
    { _id: 2, n: 2, group: 'a' },
    { _id: 3, n: 3, group: 'b' },
  ]);
});

type Session = mongoose.mongo.ClientSession;

async function inTransaction(work: (session: Session) => Promise<void>): Promise<void> {
  await context.client.withSession(async (session) => {
    session.startTransaction();
    await work(session);
  });
}

const conflict = { code: 112, errorLabels: ['TransientTransactionError'] };

describe('snapshot and overlay', () => {
  test('reads show the snapshot and the own writes, others see nothing before the commit', async () => {
    await rows.createIndex({ group: 1, n: 1 });
    await inTransaction(async (session) => {
      expect(await rows.countDocuments({}, { session })).toBe(3);
      await rows.insertOne({ _id: 9, n: 99, group: 'b' });
      await rows.updateOne({ _id: 1 }, { $set: { n: 50, group: 'b' } }, { session });
      await rows.insertOne({ _id: 4, n: 2.5, group: 'b' }, { session });
      await rows.deleteOne({ _id: 3 }, { session });
      const inside = await rows.find({ group: 'b' }, { session }).sort({ n: 1 }).toArray();
      expect(inside.map(({ _id }) => _id)).toEqual([4, 1]);
      const first = await rows
        .find({ group: { $in: ['a', 'b'] } }, { session })
        .sort({ n: -1 })
        .limit(2)
        .toArray();
      expect(first.map(({ _id }) => _id)).toEqual([1, 4]);
      expect((await rows.find({ group: 'b' }).sort({ n: 1 }).toArray()).map(({ _id }) => _id)).toEqual([3, 9]);
      await session.commitTransaction();
    });
    expect((await rows.find({ group: 'b' }).sort({ n: 1 }).toArray()).map(({ _id }) => _id)).toEqual([4, 1, 9]);
  });

  test('an abort leaves nothing, and a failed statement ends the transaction', async () => {
    await inTransaction(async (session) => {
      await rows.insertOne({ _id: 4, key: 'k' }, { session });
      await session.abortTransaction();
    });
    expect(await rows.findOne({ _id: 4 })).toBeNull();
    await rows.insertOne({ _id: 5, key: 'k' });
    await inTransaction(async (session) => {
      await rows.updateOne({ _id: 1 }, { $set: { n: 7 } }, { session });
      expect(await failure(rows.insertOne({ _id: 6, key: 'k' }, { session }))).toMatchObject({
        code: 11000,
        keyValue: { key: 'k' },
      });
      expect(await failure(session.commitTransaction())).toMatchObject({ code: 251 });
    });
    expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 1 });
  });

  test('aggregation and distinct see the own writes', async () => {
    await inTransaction(async (session) => {
      await rows.insertOne({ _id: 4, n: 10, group: 'c' }, { session });
      const sums = await rows.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }], { session }).toArray();
      expect(sums).toEqual([{ _id: null, sum: 16 }]);
      expect(await rows.distinct('group', {}, { session })).toEqual(['a', 'b', 'c']);
      await session.abortTransaction();
    });
  });

  test('a cursor of a transaction reads its snapshot to the end', async () => {
    await rows.insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: `x${n}`, n })));
    await inTransaction(async (session) => {
      const cursor = rows.find({}, { session, batchSize: 10 });
      const seen = [(await cursor.next())?._id];
      await rows.deleteMany({});
      for await (const { _id } of cursor) seen.push(_id);
      expect(seen).toHaveLength(503);
      await session.commitTransaction();
    });
  });
});

describe('conflicts', () => {
  test('the second transaction to write a document is refused at once', async () => {
    await inTransaction(async (first) => {
      await rows.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
      await inTransaction(async (second) => {
        expect(await failure(rows.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second }))).toMatchObject(
          conflict,
        );
        const after = await failure(second.commitTransaction());
        expect(after).toMatchObject({ code: 251, errorLabels: ['TransientTransactionError'] });
      });
      await first.commitTransaction();
    });
    expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 2 });
  });

  test('a document changed since the snapshot cannot be written', async () => {
    await inTransaction(async (session) => {
      await rows.findOne({ _id: 2 }, { session });
      await rows.updateOne({ _id: 1 }, { $inc: { n: 1 } });
      await rows.deleteOne({ _id: 3 });
      expect(await failure(rows.deleteOne({ _id: 1 }, { session }))).toMatchObject(conflict);
    });
    await inTransaction(async (session) => {
      expect(await rows.findOne({ _id: 3 }, { session })).toBeNull();
      await session.commitTransaction();
    });
  });

  test('a write outside transactions waits for the lock', async () => {
    let done = false;
    await inTransaction(async (session) => {
      await rows.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session });
      const waiting = rows.updateOne({ _id: 1 }, { $inc: { n: 1 } }).then(() => (done = true));
      await rows.updateOne({ _id: 2 }, { $inc: { n: 1 } });
      expect(done).toBe(false);
      await session.commitTransaction();
      await waiting;
    });
    expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 11 });
  });

  test('a unique key is locked while it is uncommitted', async () => {
    await inTransaction(async (first) => {
      await rows.insertOne({ _id: 10, key: 'u' }, { session: first });
      await inTransaction(async (second) => {
        expect(await failure(rows.insertOne({ _id: 11, key: 'u' }, { session: second }))).toMatchObject(conflict);
      });
      const outside = failure(rows.insertOne({ _id: 12, key: 'u' }));
      await first.commitTransaction();
      expect(await outside).toMatchObject({ code: 11000 });
    });
    await inTransaction(async (session) => {
      await rows.findOne({}, { session });
      await rows.insertOne({ _id: 13, key: 'v' });
      expect(await failure(rows.insertOne({ _id: 14, key: 'v' }, { session }))).toMatchObject(conflict);
    });
  });

  test('a unique key may pass from one document to another within a transaction', async () => {
    await rows.updateOne({ _id: 1 }, { $set: { key: 'k' } });
    await inTransaction(async (session) => {
      await rows.updateOne({ _id: 1 }, { $unset: { key: 1 } }, { session });
      await rows.updateOne({ _id: 2 }, { $set: { key: 'k' } }, { session });
      await session.commitTransaction();
    });
    expect(await rows.findOne({ key: 'k' })).toMatchObject({ _id: 2 });
    expect(await failure(rows.insertOne({ _id: 4, key: 'k' }))).toMatchObject({ code: 11000 });
  });

  test('concurrent increments with withTransaction lose none', async () => {
    const increment = () =>
      context.client.withSession((session) =>
        session.withTransaction(async () => {
          const row = await rows.findOne({ _id: 1 }, { session });
          await rows.updateOne({ _id: 1 }, { $set: { n: row?.['n'] + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 25 }, increment));
    expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 26 });
  });
});

describe('life of a transaction', () => {
  test('what MongoDB refuses inside a transaction is refused with 263', async () => {
    for (const command of [
      { count: rows.collectionName },
      { listCollections: 1 },
      { createIndexes: rows.collectionName, indexes: [] },
    ]) {
      await inTransaction(async (session) => {
        expect(await failure(context.client.db('tx').command(command, { session }))).toMatchObject({ code: 263 });
      });
    }
  });

  test('past its lifetime it is gone, with its locks', async () => {
    const hurried = await openStore({ transactionLifetimeSeconds: 0.5 });
    const own = hurried.client.db('tx').collection<Row>('rows');
    await own.insertOne({ _id: 1, n: 1 });
    await hurried.client.withSession(async (session) => {
      session.startTransaction();
      await own.updateOne({ _id: 1 }, { $set: { n: 99 } }, { session });
      await own.updateOne({ _id: 1 }, { $inc: { n: 1 } });
      expect(await failure(own.findOne({}, { session }))).toMatchObject({
        code: 251,
        errorLabels: ['TransientTransactionError'],
      });
    });
    expect(await own.findOne({ _id: 1 })).toMatchObject({ n: 2 });
    await hurried.close();
  });

  test('it does not belong to a connection, and endSessions ends it', async () => {
    const session = context.client.startSession();
    session.startTransaction();
    await rows.updateOne({ _id: 1 }, { $set: { n: 5 } }, { session });
    const lsid = session.id;
    await context.client.db('admin').command({ endSessions: [lsid] });
    await rows.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 2 });
    await session.endSession();
  });

  test('one that writes too much is refused by name', async () => {
    await inTransaction(async (session) => {
      const many = Array.from({ length: 1001 }, (_, n) => ({ _id: `m${n}` }));
      const error = await failure(rows.insertMany(many, { session }));
      expect(error).toBeInstanceOf(MongoServerError);
      expect(error).toMatchObject({ code: 257 });
    });
    expect(await rows.countDocuments()).toBe(3);
  });

  test('Mongoose transactions work through connection.transaction', async () => {
    const connection = await mongoose.createConnection(context.store.uri.replace('/?', '/tx?')).asPromise();
    try {
      const Thing = connection.model('Thing', new mongoose.Schema({ name: String }));
      await connection.transaction(async (session) => {
        await Thing.create([{ name: 'a' }, { name: 'b' }], { session, ordered: true });
        expect(await Thing.countDocuments({}).session(session)).toBe(2);
      });
      await failure(
        connection.transaction(async (session) => {
          await Thing.create([{ name: 'c' }], { session });
          throw new Error('no');
        }),
      );
      expect((await Thing.find().lean()).map(({ name }) => name)).toEqual(['a', 'b']);
    } finally {
      await connection.close();
    }
  });
});
