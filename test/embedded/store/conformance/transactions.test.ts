import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import {
  codeOf,
  endTransaction,
  failureOf,
  openTarget,
  plainRows,
  type Row,
  type Rows,
  type Target,
} from './target.js';

const { Long } = mongoose.mongo;
type Session = mongoose.mongo.ClientSession;

let target: Target;
let rows: Rows;

beforeAll(async () => {
  target = await openTarget({ transactionLifetimeSeconds: 60 });
});
afterAll(() => target.close());

beforeEach(async () => {
  rows = await plainRows(target, [{ n: 1 }, { n: 2 }]);
});

/** A session with a running transaction of the driver. */
function begun(): Session {
  const session = target.session();
  session.startTransaction();
  return session;
}

const ids = async (session?: Session): Promise<number[]> => {
  const found = await rows.find({}, { sort: { _id: 1 }, ...(session && { session }) }).toArray();
  return found.map(({ _id }) => _id);
};

const field = async (id: number): Promise<unknown> => (await rows.findOne({ _id: id }))?.['n'];

describe('reads and writes (core/transactions)', () => {
  test('a transaction sees its own writes, others do not before the commit', async () => {
    const session = begun();
    await rows.insertOne({ _id: 3, n: 3 }, { session });
    await rows.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session });
    await rows.deleteOne({ _id: 2 }, { session });
    expect(await ids(session)).toEqual([1, 3]);
    expect(await ids()).toEqual([1, 2]);
    await session.commitTransaction();
    expect(await ids()).toEqual([1, 3]);
    expect(await field(1)).toBe(10);
  });

  test('an abort leaves nothing', async () => {
    const session = begun();
    await rows.insertOne({ _id: 3, n: 3 }, { session });
    await rows.updateMany({}, { $set: { n: 0 } }, { session });
    await session.abortTransaction();
    expect(await ids()).toEqual([1, 2]);
    expect(await field(1)).toBe(1);
  });

  test('reads stay at the state of the first statement', async () => {
    const session = begun();
    expect(await ids(session)).toEqual([1, 2]);
    await rows.insertOne({ _id: 3, n: 3 });
    await rows.updateOne({ _id: 1 }, { $set: { n: 99 } });
    expect(await ids(session)).toEqual([1, 2]);
    expect(await rows.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 1 });
    await session.commitTransaction();
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('several collections change together', async () => {
    const others = await plainRows(target, [{ n: 1 }]);
    const session = begun();
    await rows.updateOne({ _id: 1 }, { $inc: { n: -1 } } as object, { session });
    await others.updateOne({ _id: 1 }, { $inc: { n: 1 } } as object, { session });
    await session.commitTransaction();
    expect([await field(1), (await others.findOne({ _id: 1 }))?.['n']]).toEqual([0, 2]);
  });

  test('a collection may be created by a write', async () => {
    const fresh = target.db.collection<{ _id: number }>(target.fresh().collectionName);
    const session = begun();
    await fresh.insertOne({ _id: 1 }, { session });
    await session.commitTransaction();
    expect(await fresh.countDocuments()).toBe(1);
  });

  test('distinct, aggregate, countDocuments and findAndModify take part', async () => {
    const session = begun();
    await rows.insertOne({ _id: 3, n: 7 }, { session });
    expect(await rows.distinct('n', {}, { session })).toEqual([1, 2, 7]);
    expect(await rows.countDocuments({}, { session })).toBe(3);
    const sums = await rows.aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }], { session }).toArray();
    expect(sums).toEqual([{ _id: null, n: 10 }]);
    const after = await rows.findOneAndUpdate({ _id: 3 }, { $set: { n: 8 } }, { session, returnDocument: 'after' });
    expect(after).toEqual({ _id: 3, n: 8 });
    await session.abortTransaction();
  });

  test('bulk writes take part', async () => {
    const session = begun();
    const operations = [
      { insertOne: { document: { _id: 5, n: 5 } } },
      { updateOne: { filter: { _id: 6 }, update: { $set: { n: 6 } }, upsert: true } },
      { deleteMany: { filter: { n: { $lte: 2 } } } },
    ];
    const result = await rows.bulkWrite(operations, { session });
    expect([result.insertedCount, result.upsertedCount, result.deletedCount]).toEqual([1, 1, 2]);
    expect(await ids()).toEqual([1, 2]);
    await session.commitTransaction();
    expect(await ids()).toEqual([5, 6]);
  });

  test('a cursor of a transaction reads on in it, and only in it', async () => {
    const session = begun();
    const cursor = rows.find({}, { session, batchSize: 1, sort: { _id: 1 } });
    expect((await cursor.next())?._id).toBe(1);
    await rows.insertOne({ _id: 3, n: 3 });
    expect((await cursor.next())?._id).toBe(2);
    expect(await cursor.next()).toBeNull();
    await session.abortTransaction();
  });

  test('sorted reads fit its own writes in (core/read-isolation-consistency-recency)', async () => {
    await rows.createIndex({ n: 1 });
    const session = begun();
    await rows.insertOne({ _id: 3, n: 1.5 } as { _id: number }, { session });
    await rows.updateOne({ _id: 1 }, { $set: { n: 5 } }, { session });
    const found = await rows.find({ n: { $gt: 0 } }, { session, sort: { n: -1 }, limit: 2 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual([1, 2]);
    await session.abortTransaction();
  });
});

describe('conflicts (core/transactions-production-consideration)', () => {
  test('the second writer of a document gets 112 with a label, and may start again', async () => {
    const [first, second] = [begun(), begun()];
    await rows.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session: first });
    const error = await failureOf(rows.updateOne({ _id: 1 }, { $set: { n: 20 } }, { session: second }));
    expect(error.code).toBe(112);
    expect(error.codeName).toBe('WriteConflict');
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await second.abortTransaction();
    await first.commitTransaction();
    expect(await field(1)).toBe(10);
  });

  test('a document changed since the snapshot cannot be written', async () => {
    const session = begun();
    await rows.findOne({ _id: 2 }, { session });
    await rows.updateOne({ _id: 1 }, { $set: { n: 50 } });
    expect(await codeOf(rows.updateOne({ _id: 1 }, { $inc: { n: 1 } } as object, { session }))).toBe(112);
    await session.abortTransaction();
    expect(await field(1)).toBe(50);
  });

  test('a document deleted since the snapshot cannot be written', async () => {
    const session = begun();
    await rows.findOne({ _id: 2 }, { session });
    await rows.deleteOne({ _id: 1 });
    expect(await codeOf(rows.updateOne({ _id: 1 }, { $set: { n: 3 } }, { session }))).toBe(112);
    await session.abortTransaction();
  });

  test('a write outside transactions waits for the end of the transaction', async () => {
    const session = begun();
    await rows.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session });
    const waiting = rows.updateOne({ _id: 1 }, { $inc: { n: 1 } } as object);
    await rows.findOne({ _id: 2 });
    await session.commitTransaction();
    await waiting;
    expect(await field(1)).toBe(11);
  });

  test('reads outside transactions never wait', async () => {
    const session = begun();
    await rows.updateMany({}, { $set: { n: 10 } }, { session });
    expect(await rows.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    await session.abortTransaction();
  });

  test('two transactions that insert one unique key conflict', async () => {
    await rows.createIndex({ key: 1 }, { unique: true, sparse: true });
    const [first, second] = [begun(), begun()];
    await rows.insertOne({ _id: 10, key: 'k' }, { session: first });
    const error = await failureOf(rows.insertOne({ _id: 11, key: 'k' }, { session: second }));
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([112, true]);
    await second.abortTransaction();
    await first.commitTransaction();
    expect(await codeOf(rows.insertOne({ _id: 12, key: 'k' }))).toBe(11000);
  });

  test('an insert outside waits for a unique key, and fails when it was taken', async () => {
    await rows.createIndex({ key: 1 }, { unique: true, sparse: true });
    const session = begun();
    await rows.insertOne({ _id: 10, key: 'k' }, { session });
    const waiting = codeOf(rows.insertOne({ _id: 11, key: 'k' }));
    await rows.findOne({});
    await session.commitTransaction();
    expect(await waiting).toBe(11000);
  });

  test('a duplicate of a committed key is E11000 and ends the transaction', async () => {
    const session = begun();
    await rows.insertOne({ _id: 3, n: 3 }, { session });
    const error = await failureOf(rows.insertOne({ _id: 1, n: 1 }, { session }));
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([11000, false]);
    const next = await failureOf(rows.findOne({}, { session }) as Promise<unknown>);
    expect([next.code, next.hasErrorLabel('TransientTransactionError')]).toEqual([251, true]);
    await session.abortTransaction();
    expect(await ids()).toEqual([1, 2]);
  });

  test('a key given up in the transaction may be taken in it', async () => {
    await rows.createIndex({ n: 1 }, { unique: true });
    const session = begun();
    await rows.deleteOne({ _id: 1 }, { session });
    await rows.insertOne({ _id: 9, n: 1 }, { session });
    await session.commitTransaction();
    expect(await ids()).toEqual([2, 9]);
  });

  test('what two transactions only read does not conflict (write skew is allowed)', async () => {
    const [first, second] = [begun(), begun()];
    await rows.find({}, { session: first }).toArray();
    await rows.find({}, { session: second }).toArray();
    await rows.updateOne({ _id: 1 }, { $set: { n: 0 } }, { session: first });
    await rows.updateOne({ _id: 2 }, { $set: { n: 0 } }, { session: second });
    await first.commitTransaction();
    await second.commitTransaction();
    expect([await field(1), await field(2)]).toEqual([0, 0]);
  });

  test('20 counters at once lose nothing with withTransaction (transactions-convenient-api spec)', async () => {
    const count = async (): Promise<void> => {
      const session = target.session();
      await session.withTransaction(async () => {
        const found = await rows.findOne({ _id: 1 }, { session });
        await rows.updateOne({ _id: 1 }, { $set: { n: Number(found?.['n']) + 1 } }, { session });
      });
    };
    await Promise.all(Array.from({ length: 20 }, count));
    expect(await field(1)).toBe(21);
  });
});

/** The fields of a statement of transaction `number`. */
const inside = (number: number, first = false): Row => ({
  txnNumber: Long.fromNumber(number),
  autocommit: false,
  ...(first && { startTransaction: true }),
});

describe('the protocol of a transaction (driver specification "transactions")', () => {
  let session: Session;
  beforeEach(() => {
    session = target.session();
  });

  const run = (command: Row): Promise<Row> => target.db.command(command, { session });
  const admin = (command: Row): Promise<Row> => endTransaction(target, session, command);
  const find = (fields: Row): Promise<Row> => run({ find: rows.collectionName, ...fields });
  const insert = (id: number, fields: Row): Promise<Row> =>
    run({ insert: rows.collectionName, documents: [{ _id: id }], ...fields });

  test('a commit may be sent again', async () => {
    await insert(3, inside(1, true));
    await admin({ commitTransaction: 1, ...inside(1) });
    expect(await admin({ commitTransaction: 1, ...inside(1) })).toMatchObject({ ok: 1 });
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('a commit of what only read succeeds', async () => {
    await find(inside(1, true));
    expect(await admin({ commitTransaction: 1, ...inside(1) })).toMatchObject({ ok: 1 });
  });

  test.each<[string, (end: string) => Promise<void>, string, number]>([
    ['an abort after a commit is 256', (end) => ended(end), 'abortTransaction', 256],
    ['a statement after a commit is 256', (end) => ended(end), 'find', 256],
  ])('%s', async (_says, prepare, command, code) => {
    await prepare('commitTransaction');
    const sent = command === 'find' ? find(inside(1)) : admin({ [command]: 1, ...inside(1) });
    expect(await codeOf(sent)).toBe(code);
  });

  test.each(['commitTransaction', 'abortTransaction', 'find'])('%s after an abort is 251', async (command) => {
    await ended('abortTransaction');
    const sent = command === 'find' ? find(inside(1)) : admin({ [command]: 1, ...inside(1) });
    const error = await failureOf(sent);
    expect([error.code, error.codeName]).toEqual([251, 'NoSuchTransaction']);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
  });

  async function ended(by: string): Promise<void> {
    await insert(3, inside(1, true));
    await admin({ [by]: 1, ...inside(1) });
  }

  test.each<[string, Row, number]>([
    ['a statement of a transaction that never began is 251', inside(5), 251],
    ['startTransaction without autocommit is 72', { txnNumber: Long.fromNumber(5), startTransaction: true }, 72],
    ['autocommit: true is 72', { ...inside(5, true), autocommit: true }, 72],
    ['startTransaction: false is 72', { ...inside(5), startTransaction: false }, 72],
    ['autocommit without a number is 72', { autocommit: false, startTransaction: true }, 72],
    ['a number alone on what is no retryable write is 50768', { txnNumber: Long.fromNumber(5) }, 50768],
    ['a write concern inside is 72', { ...inside(5, true), writeConcern: { w: 1 } }, 72],
  ])('%s', async (_says, fields, code) => {
    expect(await codeOf(find(fields))).toBe(code);
  });

  test('only the first statement takes a read concern', async () => {
    await find({ ...inside(1, true), readConcern: { level: 'snapshot' } });
    expect(await codeOf(find({ ...inside(1), readConcern: { level: 'snapshot' } }))).toBe(72);
  });

  test('the number of a transaction cannot begin another (117)', async () => {
    await find(inside(1, true));
    expect(await codeOf(find(inside(1, true)))).toBe(117);
  });

  test('an older number is 225', async () => {
    await find(inside(7, true));
    expect(await codeOf(find(inside(6)))).toBe(225);
    expect(await codeOf(find(inside(6, true)))).toBe(225);
    expect(await codeOf(admin({ commitTransaction: 1, ...inside(6) }))).toBe(225);
  });

  test('a newer number ends the transaction before it', async () => {
    await insert(3, inside(1, true));
    await insert(4, inside(2, true));
    await admin({ commitTransaction: 1, ...inside(2) });
    expect(await ids()).toEqual([1, 2, 4]);
  });

  test.each(['commitTransaction', 'abortTransaction'])('%s runs on the database admin only (13)', async (name) => {
    await find(inside(1, true));
    if (session.serverSession !== null) session.serverSession.txnNumber = 1;
    expect(await codeOf(run({ [name]: 1, ...inside(1) }))).toBe(13);
    await admin({ abortTransaction: 1, ...inside(1) });
  });

  test('a retryable write cannot use the number of a transaction (72)', async () => {
    await find(inside(3, true));
    const write = { insert: rows.collectionName, documents: [{ _id: 8 }], txnNumber: Long.fromNumber(3) };
    expect(await codeOf(run(write))).toBe(72);
  });
});
