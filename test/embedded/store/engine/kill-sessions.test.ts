import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codeOf } from '../conformance/target.js';
import { openStore, removeDirectories, type TestStore } from './support/stores.js';

// On a server that others use, these commands would end the sessions of all test files.
let opened: TestStore;

beforeAll(async () => {
  opened = await openStore({ transactionLifetimeSeconds: 60 });
});
afterAll(async () => {
  await opened.close();
  removeDirectories();
});

test.each(['killSessions', 'killAllSessions'])(
  '%s of an empty list ends all transactions and cursors of sessions (command/%s)',
  async (name) => {
    const rows = opened.client.db('killed').collection<{ _id: number }>(name);
    await rows.insertMany([{ _id: 1 }, { _id: 2 }]);
    const [writer, reader] = [opened.client.startSession(), opened.client.startSession()];
    writer.startTransaction();
    await rows.insertOne({ _id: 9 }, { session: writer });
    const cursor = rows.find({}, { session: reader, batchSize: 1 });
    await cursor.next();
    await opened.client.db('admin').command({ [name]: [] });
    expect(await codeOf(rows.insertOne({ _id: 10 }, { session: writer }))).toBe(251);
    expect(await codeOf(cursor.toArray())).toBe(43);
    await writer.abortTransaction();
    expect(await rows.countDocuments()).toBe(2);
  },
);
