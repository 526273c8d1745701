import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RawClient } from './support/raw-client.js';
import { Binary, Long, openStore, removeDirectories, type TestStore } from './support/stores.js';

let context: TestStore;
let raw: RawClient;

beforeEach(async () => {
  context = await openStore();
  raw = await RawClient.open(context.store.uri);
});

afterEach(async () => {
  raw.close();
  await context.close();
  removeDirectories();
});

const newLsid = () => ({ id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4) });

const rows = () => context.client.db('retry').collection<{ _id: number; n?: number }>('rows');

/** Closes the store and opens its directory again. */
async function restart(): Promise<void> {
  raw.close();
  await context.client.close();
  await context.store.close();
  context = await openStore({ dataDir: context.dataDir });
  raw = await RawClient.open(context.store.uri);
}

describe('retryable writes', () => {
  test('a repeated command answers what the first one did, without doing it again', async () => {
    const base = { lsid: newLsid(), $db: 'retry' };
    const insert = { insert: 'rows', documents: [{ _id: 1, n: 0 }], ...base, txnNumber: Long.fromNumber(1) };
    const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }];
    const update = { update: 'rows', updates, ...base, txnNumber: Long.fromNumber(2) };
    const change = { query: { _id: 1 }, update: { $inc: { n: 10 } }, new: true };
    const modify = { findAndModify: 'rows', ...change, ...base, txnNumber: Long.fromNumber(3) };
    for (const command of [insert, update, modify]) {
      const first = await raw.command(command);
      expect(first).toMatchObject({ ok: 1 });
      expect(await raw.command(command)).toEqual(first);
    }
    expect(await rows().findOne()).toEqual({ _id: 1, n: 11 });
    expect(await raw.command(insert)).toMatchObject({ ok: 0, code: 225 });
  });

  test('statements that were done are skipped, the others are done', async () => {
    await rows().insertOne({ _id: 2 });
    const documents = [{ _id: 1 }, { _id: 2 }, { _id: 3 }];
    const command = { insert: 'rows', documents, lsid: newLsid(), $db: 'retry', txnNumber: Long.fromNumber(1) };
    expect(await raw.command(command)).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] });
    await rows().deleteOne({ _id: 2 });
    const again = await raw.command(command);
    expect(again).toMatchObject({ n: 3 });
    expect(again).not.toHaveProperty('writeErrors');
  });

  test('results outlive a restart', async () => {
    const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }];
    const command = { update: 'rows', updates, lsid: newLsid(), $db: 'retry', txnNumber: Long.fromNumber(7) };
    const first = await raw.command(command);
    await restart();
    expect(await raw.command(command)).toEqual(first);
    expect(await rows().findOne()).toEqual({ _id: 1, n: 1 });
  });
});

describe('commitTransaction', () => {
  test('sent again it succeeds again, after a restart too; one that was lost does not', async () => {
    const base = { lsid: newLsid(), autocommit: false };
    const first = { ...base, txnNumber: Long.fromNumber(4) };
    const second = { ...base, txnNumber: Long.fromNumber(5) };
    await raw.command({ insert: 'rows', documents: [{ _id: 1 }], $db: 'retry', ...first, startTransaction: true });
    const commit = { commitTransaction: 1, $db: 'admin' };
    expect(await raw.command({ ...commit, ...first })).toMatchObject({ ok: 1 });
    expect(await raw.command({ ...commit, ...first })).toMatchObject({ ok: 1 });
    expect(await raw.command({ abortTransaction: 1, $db: 'admin', ...first })).toMatchObject({ code: 256 });

    await restart();
    expect(await raw.command({ ...commit, ...first })).toMatchObject({ ok: 1 });
    await raw.command({ insert: 'rows', documents: [{ _id: 2 }], $db: 'retry', ...second, startTransaction: true });

    await restart();
    expect(await raw.command({ ...commit, ...second })).toMatchObject({ code: 251 });
    expect(await rows().countDocuments()).toBe(1);
  });

  test('of a transaction that only read is unknown after a restart: drivers may run it again', async () => {
    const base = { lsid: newLsid(), autocommit: false, txnNumber: Long.fromNumber(3) };
    const commit = { commitTransaction: 1, $db: 'admin', ...base };
    await raw.command({ find: 'rows', $db: 'retry', ...base, startTransaction: true });
    expect(await raw.command(commit)).toMatchObject({ ok: 1 });
    expect(await raw.command(commit)).toMatchObject({ ok: 1 });
    await restart();
    expect(await raw.command(commit)).toMatchObject({ code: 251, errorLabels: ['TransientTransactionError'] });
  });

  test('a statement without startTransaction does not begin one', async () => {
    const base = { $db: 'retry', lsid: newLsid(), txnNumber: Long.fromNumber(1), autocommit: false };
    expect(await raw.command({ find: 'rows', ...base })).toMatchObject({ code: 251 });
    expect(await raw.command({ find: 'rows', ...base, startTransaction: true })).toMatchObject({ ok: 1 });
    expect(await raw.command({ find: 'rows', ...base, startTransaction: true })).toMatchObject({ code: 117 });
  });

  test('a newer number ends the transaction before it', async () => {
    const base = { lsid: newLsid(), $db: 'retry', autocommit: false };
    const documents = [{ _id: 1 }];
    await raw.command({ insert: 'rows', documents, ...base, txnNumber: Long.fromNumber(1), startTransaction: true });
    const next = { insert: 'rows', documents, ...base, txnNumber: Long.fromNumber(2), startTransaction: true };
    expect(await raw.command(next)).toMatchObject({ ok: 1, n: 1 });
  });
});
