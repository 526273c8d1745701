import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, failureOf, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

const { Binary, Long, UUID } = mongoose.mongo;

let target: Target;
let rows: Rows;

beforeAll(async () => {
  target = await openTarget({ transactionLifetimeSeconds: 60 });
});
afterAll(() => target.close());
beforeEach(async () => {
  rows = await plainRows(target, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

/** A driver session with its id as the server knows it. */
function known(): { session: mongoose.mongo.ClientSession; id: Row } {
  const session = target.session();
  return { session, id: session.id as Row };
}

describe('session commands (command/nav-sessions)', () => {
  test('startSession gives an id and the time it is kept', async () => {
    const reply = await target.db.command({ startSession: 1 });
    expect(reply['timeoutMinutes']).toBe(30);
    expect((reply['id'] as Row)['id']).toHaveProperty('sub_type', 4);
  });

  test.each(['refreshSessions', 'endSessions', 'killSessions'])('%s takes a list of ids', async (name) => {
    expect(await target.db.command({ [name]: [{ id: new UUID() }] })).toMatchObject({ ok: 1 });
  });

  test.each<[string, unknown, number]>([
    ['an id that is no UUID is 14', { id: 'x' }, 14],
    ['a UUID of another length is 207', { id: new Binary(Buffer.alloc(4), 4) }, 207],
    ['an id that is no document is 14', 7, 14],
  ])('%s', async (_says, id, code) => {
    expect(await codeOf(target.db.command({ endSessions: [id] }))).toBe(code);
  });

  test.each(['endSessions', 'killSessions'])('%s ends an open transaction', async (name) => {
    const { session, id } = known();
    session.startTransaction();
    await rows.insertOne({ _id: 9 }, { session });
    await target.db.command({ [name]: [id] });
    const error = await failureOf(rows.insertOne({ _id: 10 }, { session }));
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([251, true]);
    await session.abortTransaction();
    expect(await rows.countDocuments()).toBe(3);
  });

  test.each(['endSessions', 'killSessions'])('%s closes cursors of the session', async (name) => {
    const { session, id } = known();
    const cursor = rows.find({}, { session, batchSize: 1 });
    await cursor.next();
    await target.db.command({ [name]: [id] });
    expect(await codeOf(cursor.toArray())).toBe(43);
  });

  test('a write that waits for a killed session goes on', async () => {
    const { session, id } = known();
    session.startTransaction();
    await rows.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session });
    const waiting = rows.updateOne({ _id: 1 }, { $inc: { n: 1 } } as object);
    await target.db.command({ killSessions: [id] });
    await waiting;
    expect(await rows.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
    await session.abortTransaction();
  });
});

describe('whose cursor it is (driver specification "sessions")', () => {
  const open = (session?: mongoose.mongo.ClientSession, fields: Row = {}): Promise<Row> =>
    target.db.command({ find: rows.collectionName, batchSize: 1, ...fields }, { ...(session && { session }) });

  const more = (reply: Row, session?: mongoose.mongo.ClientSession, fields: Row = {}): Promise<Row> => {
    const getMore = Long.fromValue((reply['cursor'] as Row)['id'] as number);
    return target.db.command({ getMore, collection: rows.collectionName, ...fields }, { ...(session && { session }) });
  };

  test('its own session may read on', async () => {
    const session = target.session();
    const { cursor } = (await more(await open(session), session)) as { cursor: { nextBatch: Row[] } };
    expect(cursor.nextBatch).toHaveLength(2);
  });

  test('another session may not (50738)', async () => {
    const [owner, other] = [target.session(), target.session()];
    expect(await codeOf(more(await open(owner), other))).toBe(50738);
  });

  test('a cursor of a transaction cannot be read outside it (50740)', async () => {
    const session = target.session();
    const fields = { txnNumber: Long.fromNumber(1), autocommit: false };
    const reply = await open(session, { ...fields, startTransaction: true });
    expect(await codeOf(more(reply, session))).toBe(50740);
  });

  test('a cursor from outside cannot be read in a transaction (50739)', async () => {
    const session = target.session();
    const reply = await open(session);
    const fields = { txnNumber: Long.fromNumber(1), autocommit: false };
    await open(session, { ...fields, startTransaction: true });
    expect(await codeOf(more(reply, session, fields))).toBe(50739);
  });

  test('a cursor ends with its transaction (43)', async () => {
    const session = target.session();
    session.startTransaction();
    const cursor = rows.find({}, { session, batchSize: 1 });
    await cursor.next();
    await session.commitTransaction();
    expect(await codeOf(cursor.toArray())).toBe(43);
  });
});
