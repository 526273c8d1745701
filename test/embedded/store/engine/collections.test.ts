import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { failure, openStore, removeDirectories, temporaryDirectory, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };
type Session = mongoose.mongo.ClientSession;

let context: TestStore;
let rows: mongoose.mongo.Collection<Row>;
let counter = 0;

beforeAll(async () => {
  context = await openStore({ transactionLifetimeSeconds: 60 });
});

afterAll(async () => {
  await context.close();
  removeDirectories();
});

beforeEach(() => {
  rows = context.client.db('collections').collection<Row>(`rows${counter++}`);
});

async function exists(of: mongoose.mongo.Collection<Row> = rows, store = context): Promise<boolean> {
  const found = await store.client.db(of.dbName).listCollections({ name: of.collectionName }).toArray();
  return found.length === 1;
}

async function inTransaction(work: (session: Session) => Promise<void>, store = context): Promise<void> {
  await store.client.withSession(async (session) => {
    session.startTransaction();
    await work(session);
  });
}

describe('a collection that a transaction creates', () => {
  test('is seen by that transaction alone until the commit, and by all after it', async () => {
    await inTransaction(async (session) => {
      await rows.insertMany(
        [
          { _id: 1, n: 1 },
          { _id: 2, n: 2 },
        ],
        { session },
      );
      await rows.updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session });
      await rows.updateOne({ _id: 3 }, { $set: { n: 3 } }, { session, upsert: true });
      expect(await rows.find({}, { session }).sort({ n: -1 }).toArray()).toEqual([
        { _id: 1, n: 11 },
        { _id: 3, n: 3 },
        { _id: 2, n: 2 },
      ]);
      const lookup = { from: rows.collectionName, localField: '_id', foreignField: '_id', as: 'same' };
      expect(await rows.aggregate([{ $lookup: lookup }, { $unwind: '$same' }], { session }).toArray()).toHaveLength(3);
      expect(await exists()).toBe(false);
      expect(await rows.countDocuments()).toBe(0);
      await session.commitTransaction();
    });
    expect(await rows.countDocuments({ n: { $gte: 2 } })).toBe(3);
    expect(await failure(rows.insertOne({ _id: 1 }))).toMatchObject({ code: 11000 });
  });

  test.each<[string, (session: Session) => Promise<unknown>]>([
    ['abortTransaction', (session) => session.abortTransaction()],
    ['a failed statement', (session) => failure(rows.insertOne({ _id: 1 }, { session }))],
    ['endSessions', ({ id }) => context.client.db('admin').command({ endSessions: [id] })],
  ])('is not there after %s', async (_name, end) => {
    await inTransaction(async (session) => {
      await rows.insertOne({ _id: 1 }, { session });
      await end(session);
      expect(await exists()).toBe(false);
      await rows.insertOne({ _id: 1 });
    });
    expect(await rows.countDocuments()).toBe(1);
  });

  test('is not there after the lifetime of the transaction, nor after a restart', async () => {
    const dataDir = temporaryDirectory();
    const hurried = await openStore({ dataDir, transactionLifetimeSeconds: 0.5 });
    const own = hurried.client.db('collections').collection<Row>('own');
    await inTransaction(async (session) => {
      await own.insertOne({ _id: 1 }, { session });
      await own.insertOne({ _id: 2 });
      expect(await own.find().toArray()).toEqual([{ _id: 2 }]);
    }, hurried);
    await inTransaction(async (session) => {
      await hurried.client.db('collections').collection<Row>('never').insertOne({ _id: 1 }, { session });
      await hurried.client.db('collections').collection<Row>('kept').insertOne({ _id: 1 }, { session });
      await session.commitTransaction();
      session.startTransaction();
      await hurried.client.db('collections').collection<Row>('lost').insertOne({ _id: 1 }, { session });
      await hurried.close();
    }, hurried);
    const again = await openStore({ dataDir });
    const names = await again.client.db('collections').listCollections({}, { nameOnly: true }).toArray();
    expect(names.map(({ name }) => name)).toEqual(['kept', 'never', 'own']);
    expect(await again.client.db('collections').collection('kept').countDocuments()).toBe(1);
    await again.close();
  });

  test('a second transaction that would create it is refused, a write outside waits', async () => {
    await inTransaction(async (first) => {
      await rows.insertOne({ _id: 1 }, { session: first });
      await inTransaction(async (second) => {
        expect(await failure(rows.insertOne({ _id: 2 }, { session: second }))).toMatchObject({
          code: 112,
          errorLabels: ['TransientTransactionError'],
        });
      });
      const outside = Promise.all([
        rows.insertOne({ _id: 3 }),
        rows.createIndex({ n: 1 }),
        context.client.db('collections').createCollection(rows.collectionName),
      ]);
      await first.commitTransaction();
      await outside;
    });
    expect(await rows.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1 }, { _id: 3 }]);
  });
});

describe('dropping what is in use', () => {
  const read = async (cursor: mongoose.mongo.FindCursor): Promise<void> => {
    for await (const row of cursor) expect(row).toBeDefined();
  };

  test('ends cursors on the collection with 175', async () => {
    await rows.insertMany(Array.from({ length: 50 }, (_, _id) => ({ _id, n: -_id })));
    const cursors = [
      rows.find({}, { batchSize: 5 }),
      rows.find({}, { batchSize: 5 }).sort({ n: 1 }),
      rows.find({ _id: { $gt: 3 } }, { batchSize: 5 }),
    ];
    for (const cursor of cursors) await cursor.next();
    await rows.drop();
    await rows.insertOne({ _id: 1 });
    for (const cursor of cursors) expect(await failure(read(cursor))).toMatchObject({ code: 175 });
  });

  test('ends cursors on the index with 175, and no others', async () => {
    await rows.createIndex({ n: 1 });
    await rows.insertMany(Array.from({ length: 50 }, (_, _id) => ({ _id, n: _id })));
    const byIndex = rows.find({ n: { $gte: 0 } }, { batchSize: 5 });
    await rows.createIndex({ k: 1 });
    const eitherWay = rows.find({ $or: [{ k: null }, { n: { $gte: 0 } }] }, { batchSize: 5 });
    await eitherWay.next();
    const byId = rows.find({ _id: { $gte: 0 } }, { batchSize: 5 });
    await byIndex.next();
    await byId.next();
    await rows.dropIndex('n_1');
    expect(await failure(read(byIndex))).toMatchObject({ code: 175 });
    expect(await failure(read(eitherWay))).toMatchObject({ code: 175 });
    await read(byId);
  });

  test('waits for the transactions that use it', async () => {
    await rows.insertMany(Array.from({ length: 50 }, (_, _id) => ({ _id })));
    let dropped = false;
    await inTransaction(async (session) => {
      const cursor = rows.find({}, { session, batchSize: 5 });
      await cursor.next();
      const dropping = rows.drop().then(() => (dropped = true));
      let seen = 1;
      for await (const { _id } of cursor) seen += Math.sign(_id);
      expect(seen).toBe(50);
      expect(dropped).toBe(false);
      await session.commitTransaction();
      await dropping;
    });
    expect(await exists()).toBe(false);
  });
});
