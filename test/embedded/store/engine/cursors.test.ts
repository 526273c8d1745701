import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { until } from '../../../support/until.js';
import { RawClient } from './support/raw-client.js';
import { Binary, Long, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };

let context: TestStore;
let rows: mongoose.mongo.Collection<Row>;
let counter = 0;

beforeAll(async () => {
  context = await openStore({ transactionLifetimeSeconds: 0.5 });
});

afterAll(() => context.close());

beforeEach(() => {
  rows = context.client.db('cursors').collection<Row>(`rows${counter++}`);
});

const newLsid = () => ({ id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4) });

/** Cursors that the store has open. */
async function openCursors(): Promise<number> {
  const { metrics } = await context.client.db('admin').command({ serverStatus: 1 });
  return Number(metrics.cursor.open.total);
}

describe('what changed between two batches is read again', () => {
  beforeEach(async () => {
    await rows.createIndex({ state: 1, at: 1 });
    await rows.createIndex({ kind: 1, at: 1 });
    const make = (_id: number): Row => ({ _id, state: _id % 2 === 0 ? 'a' : 'c', kind: 'ab'[_id % 2], at: _id });
    await rows.insertMany(Array.from({ length: 100 }, (_, _id) => make(_id)));
  });

  const queries: Array<[name: string, filter: object]> = [
    ['where several points are merged', { state: { $in: ['a', 'c'] } }],
    ['where several indexes are merged', { $or: [{ state: 'c' }, { kind: 'a' }] }],
  ];
  test.each(queries)('%s', async (_name, filter) => {
    for (const change of [() => rows.updateMany({}, { $set: { state: 'b', kind: 'b' } }), () => rows.deleteMany({})]) {
      const cursor = rows.find(filter, { batchSize: 10 }).sort({ at: 1 });
      const seen = [(await cursor.next())?.['at']];
      await change();
      for await (const { at } of cursor) seen.push(at);
      expect(seen).toEqual(Array.from({ length: 10 }, (_, at) => at));
      await rows.updateMany({}, { $set: { state: 'a', kind: 'a' } });
    }
  });
});

test('an update of many changes a document once, though it moves ahead in the index that is walked', async () => {
  const MANY = 10_000;
  await rows.createIndex({ n: 1 });
  await rows.insertMany(Array.from({ length: MANY }, (_, _id) => ({ _id, n: _id, hits: 0 })));
  const moves = async (): Promise<void> => {
    for (let _id = 0; _id < 40; _id += 1) await rows.updateOne({ _id }, { $set: { n: MANY + _id } });
  };
  await Promise.all([rows.updateMany({ n: { $gte: 0 } }, { $inc: { hits: 1 } }, { hint: 'n_1' }), moves()]);
  expect(await rows.countDocuments({ hits: { $gt: 1 } })).toBe(0);
});

describe('a cursor that is closed while it works', () => {
  /** A filter that takes its time for every document and matches all of them. */
  const slow = { $nor: Array.from({ length: 400 }, (_, n) => ({ text: `no${n}` })) };

  test('answers an error, not a part of the result as if it were all', async () => {
    await rows.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, text: `t${_id}` })));
    const [reader, killer] = [await RawClient.open(context.store.uri), await RawClient.open(context.store.uri)];
    const find = { find: rows.collectionName, filter: slow, batchSize: 1, $db: 'cursors' };
    const { cursor } = await reader.command(find);
    const rest = reader.command({ getMore: cursor.id, collection: rows.collectionName, $db: 'cursors' });
    const killed = await killer.command({ killCursors: rows.collectionName, cursors: [cursor.id], $db: 'cursors' });
    expect(killed['cursorsKilled']).toEqual([cursor.id]);
    expect(await rest).toMatchObject({ ok: 0, code: 237 });
    reader.close();
    killer.close();
  });
});

describe('a transaction that is ended from outside', () => {
  const begin = { txnNumber: Long.fromNumber(1), autocommit: false, startTransaction: true, $db: 'cursors' };

  test('takes its cursors along', async () => {
    await rows.insertMany(Array.from({ length: 10 }, (_, _id) => ({ _id })));
    const raw = await RawClient.open(context.store.uri);
    const before = await openCursors();
    await raw.command({ find: rows.collectionName, batchSize: 2, lsid: newLsid(), ...begin });
    expect(await openCursors()).toBe(before + 1);
    raw.close();
    await until('its cursors have gone', async () => (await openCursors()) === before);
  });

  test('keeps no lock from a statement that was running', async () => {
    // The search is long enough to let others work, and does so right at the document it looks for.
    const text = 'x'.repeat(16);
    await rows.insertMany(Array.from({ length: 128 }, (_, _id) => ({ _id, text: _id === 127 ? 'wanted' : text })));
    const [raw, killer] = [await RawClient.open(context.store.uri), await RawClient.open(context.store.uri)];
    const { startTransaction, ...rest } = { ...begin, lsid: newLsid() };
    await raw.command({ find: rows.collectionName, limit: 1, startTransaction, ...rest });
    const updates = [{ q: { $or: [{ text: /^(x+)+y$/ }, { text: 'wanted' }] }, u: { $set: { n: 1 } } }];
    const running = raw.command({ update: rows.collectionName, updates, ...rest });
    await killer.command({ killSessions: [rest.lsid], $db: 'admin' });
    expect(await running).toMatchObject({ ok: 0, code: 251 });
    expect(await rows.updateOne({ _id: 127 }, { $set: { n: 2 } })).toMatchObject({ modifiedCount: 1 });
    raw.close();
    killer.close();
  });
});
