import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, endTransaction, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

const { Long } = mongoose.mongo;

let target: Target;
let rows: Rows;
let number = 0;

beforeAll(async () => {
  target = await openTarget({ transactionLifetimeSeconds: 60 });
  rows = await plainRows(target, [{ n: 1 }, { n: 2 }]);
});
afterAll(() => target.close());

/** Runs a command as a statement of a transaction that a `find` has begun. */
async function withinTransaction(command: Row, database: string): Promise<number | string | undefined> {
  const session = target.session();
  const fields = { txnNumber: Long.fromNumber(++number), autocommit: false };
  await target.db.command({ find: rows.collectionName, ...fields, startTransaction: true }, { session });
  const db = database === '' ? target.db : target.connected(database);
  const code = await codeOf(db.command({ ...command, ...fields }, { session }));
  await codeOf(endTransaction(target, session, { abortTransaction: 1, ...fields }));
  return code;
}

/** [command, its fields, database if not the test's own]: core/transactions-operations names what is allowed. */
const refused: [name: string, command: () => Row, database?: string][] = [
  ['count', () => ({ count: rows.collectionName })],
  ['createIndexes on a collection that has documents', () => createIndex()],
  ['dropIndexes', () => ({ dropIndexes: rows.collectionName, index: '*' })],
  ['listIndexes', () => ({ listIndexes: rows.collectionName })],
  ['listCollections', () => ({ listCollections: 1 })],
  ['drop', () => ({ drop: rows.collectionName })],
  ['dropDatabase', () => ({ dropDatabase: 1 })],
  ['collMod', () => ({ collMod: rows.collectionName })],
  ['collStats', () => ({ collStats: rows.collectionName })],
  ['dbStats', () => ({ dbStats: 1 })],
  ['explain', () => ({ explain: { find: rows.collectionName } })],
  ['validate', () => ({ validate: rows.collectionName })],
  ['serverStatus', () => ({ serverStatus: 1 })],
  ['hostInfo', () => ({ hostInfo: 1 })],
  ['ping', () => ({ ping: 1 })],
  ['listDatabases', () => ({ listDatabases: 1 }), 'admin'],
  ['getParameter', () => ({ getParameter: '*' }), 'admin'],
  [
    'renameCollection',
    () => ({ renameCollection: `${target.db.databaseName}.${rows.collectionName}`, to: 'a.b' }),
    'admin',
  ],
  ['endSessions', () => ({ endSessions: [] })],
  ['startSession', () => ({ startSession: 1 })],
  ['refreshSessions', () => ({ refreshSessions: [] })],
  ['$collStats', () => ({ aggregate: rows.collectionName, pipeline: [{ $collStats: { count: {} } }], cursor: {} })],
  ['reads of admin', () => ({ find: 'things' }), 'admin'],
  ['reads of config', () => ({ find: 'things' }), 'config'],
  ['writes to local', () => ({ insert: 'things', documents: [{ _id: 1 }] }), 'local'],
];

function createIndex(): Row {
  return { createIndexes: rows.collectionName, indexes: [{ key: { n: 1 }, name: 'n_1' }] };
}

describe('refused inside transactions with 263 (core/transactions-operations)', () => {
  test.each(refused.map(([name, command, database = '']) => ({ name, command, database })))(
    '$name',
    async ({ command, database }) => {
      expect(await withinTransaction(command(), database)).toBe(263);
    },
  );

  test('a refused command does not end the transaction', async () => {
    const session = target.session();
    session.startTransaction();
    await rows.insertOne({ _id: 50 }, { session });
    expect(await codeOf(target.db.command({ count: rows.collectionName }, { session }))).toBe(263);
    await session.commitTransaction();
    expect(await rows.countDocuments({ _id: 50 })).toBe(1);
  });
});

const informational: [name: string, command: Row][] = [
  ['hello', { hello: 1 }],
  ['buildInfo', { buildInfo: 1 }],
  ['connectionStatus', { connectionStatus: 1 }],
];

describe('allowed inside, but not as the first statement (core/transactions-operations#informational)', () => {
  test.each(informational)('%s', async (_name, command) => {
    const session = target.session();
    session.startTransaction();
    await rows.findOne({}, { session });
    expect(await codeOf(target.db.command(command, { session }))).toBeUndefined();
    await session.abortTransaction();
  });

  test.each<[string, () => Row]>([
    ['getMore', () => ({ getMore: Long.fromNumber(1), collection: rows.collectionName })],
    ['killCursors', () => ({ killCursors: rows.collectionName, cursors: [Long.fromNumber(1)] })],
  ])('%s cannot be the first', async (_name, command) => {
    const session = target.session();
    const fields = { txnNumber: Long.fromNumber(++number), autocommit: false, startTransaction: true };
    expect(await codeOf(target.db.command({ ...command(), ...fields }, { session }))).toBe(263);
  });
});
