import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { runOffline } from '../../../../embedded/store/commands/offline.js';
import { RawClient } from './support/raw-client.js';
import { openStore, removeDirectories, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };

let context: TestStore;
let db: mongoose.mongo.Db;
let rows: mongoose.mongo.Collection<Row>;

beforeEach(async () => {
  context = await openStore({ transactionLifetimeSeconds: 60 });
  db = context.client.db('races');
  rows = db.collection<Row>('rows');
  await rows.createIndex({ m: 1 });
  await rows.insertMany(Array.from({ length: 1500 }, (_, _id) => ({ _id, n: _id, m: -_id })));
});

afterEach(async () => {
  await context.close();
  removeDirectories();
});

/** The code that an operation fails with; 0 when it succeeds. */
async function codeOf(operation: Promise<unknown>): Promise<number> {
  return operation.then(
    () => 0,
    (error: { code?: number }) => error.code ?? -1,
  );
}

/**
 * Sends the commands, each over a connection of its own, while a transaction that reads every collection makes them
 * wait for their turn; answers their codes, 0 for success.
 */
async function atOnce(...commands: mongoose.mongo.Document[]): Promise<number[]> {
  const clients = await Promise.all(commands.map(() => RawClient.open(context.store.uri)));
  const session = context.client.startSession();
  session.startTransaction();
  for (const { name } of await db.listCollections().toArray()) await db.collection(name).findOne({}, { session });
  const answers: Array<Promise<mongoose.mongo.Document>> = [];
  for (const [at, client] of clients.entries()) {
    answers.push(client.command({ ...commands[at], $db: commands[at]?.['$db'] ?? 'races' }));
    await db.command({ ping: 1 });
  }
  await session.abortTransaction();
  const codes = (await Promise.all(answers)).map(({ ok, code }) => (ok === 1 ? 0 : Number(code)));
  await session.endSession();
  for (const client of clients) client.close();
  return codes;
}

/** Names of the collections that are there after the store was closed and opened again, and what `verify` says. */
async function afterRestart(): Promise<{ names: string[]; faults: string }> {
  await context.client.close();
  await context.store.close();
  const { ok, lines } = await runOffline(context.dataDir, { tool: 'verify', repair: false });
  context = await openStore({ dataDir: context.dataDir });
  db = context.client.db('races');
  const found = await db.listCollections().toArray();
  return { names: found.map(({ name }) => name).sort(), faults: ok ? '' : lines.join('\n') };
}

describe('a collection that is dropped at the same moment', () => {
  const commands: Array<[name: string, code: number, command: object]> = [
    ['is not renamed', 26, { renameCollection: 'races.rows', to: 'races.others', $db: 'admin' }],
    ['gets no index', 26, { createIndexes: 'rows', indexes: [{ key: { n: 1 }, name: 'n' }] }],
    ['loses no index', 26, { dropIndexes: 'rows', index: 'm_1' }],
    ['is not modified', 26, { collMod: 'rows', index: { name: 'm_1', hidden: true } }],
  ];
  test.each(commands)('%s', async (_name, code, command) => {
    expect(await atOnce({ drop: 'rows' }, command)).toEqual([0, code]);
    expect(await db.listCollections().toArray()).toEqual([]);
    expect(await afterRestart()).toEqual({ names: [], faults: '' });
  });
});

test('two collections do not get one name', async () => {
  await db.collection<Row>('second').insertOne({ _id: 1 });
  const rename = { to: 'races.goal', $db: 'admin' };
  const codes = await atOnce(
    { renameCollection: 'races.rows', ...rename },
    { renameCollection: 'races.second', ...rename },
  );
  expect(codes).toEqual([0, 48]);
  expect(await atOnce({ renameCollection: 'races.goal', to: 'races.new', $db: 'admin' }, { create: 'new' })).toEqual([
    48, 0,
  ]);
  const counts = async (): Promise<number[]> => {
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    return Promise.all(names.map((name) => db.collection(name).countDocuments()));
  };
  const before = await counts();
  expect(before.reduce((sum, count) => sum + count, 0)).toBe(1501);
  const { faults } = await afterRestart();
  expect(faults).toBe('');
  expect((await counts()).sort()).toEqual(before.sort());
});

describe('an index build', () => {
  test('ends when the collection is dropped under it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const building = codeOf(rows.createIndex({ n: 1 }));
      await rows.updateOne({ _id: 3 }, { $set: { n: -round } });
      await rows.drop();
      expect([0, 276]).toContain(await building);
      expect(await db.listCollections().toArray()).toEqual([]);
      await rows.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, n: _id, m: -_id })));
    }
    const building = codeOf(rows.createIndex({ n: 1 }));
    await rows.findOne({ _id: 3 });
    await rows.drop();
    await building;
    expect(await afterRestart()).toEqual({ names: [], faults: '' });
  });

  test('ends when its index is dropped, and leaves nothing', async () => {
    await rows.insertMany(Array.from({ length: 4000 }, (_, at) => ({ _id: 5000 + at, n: at, m: at })));
    const building = codeOf(rows.createIndex({ n: 1 }));
    await rows.findOneAndUpdate({ _id: 3 }, { $set: { n: -1 } });
    await rows.dropIndexes();
    expect([0, 276]).toContain(await building);
    expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    await rows.insertOne({ _id: 20_000, n: 5 });
    expect(await afterRestart()).toEqual({ names: ['rows'], faults: '' });
  });
});

test('index builds of one collection run one after the other, however many wait for the same one', async () => {
  const create = (n: number) =>
    db.command({ createIndexes: 'rows', indexes: [{ key: { [`field${n}`]: 1 }, name: `field${n}` }] });
  const told = await Promise.all(Array.from({ length: 5 }, (_, n) => create(n)));
  const counts = told.map((answer) => [answer['numIndexesBefore'], answer['numIndexesAfter']] as [number, number]);
  counts.sort(([a], [b]) => a - b);
  expect(counts).toEqual([2, 3, 4, 5, 6].map((before) => [before, before + 1]));
});
