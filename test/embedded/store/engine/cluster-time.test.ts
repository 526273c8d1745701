import { afterEach, expect, jest, test } from '@jest/globals';
import mongoose from 'mongoose';
import { RawClient } from './support/raw-client.js';
import { openStore, removeDirectories, type TestStore } from './support/stores.js';

let context: TestStore;

afterEach(async () => {
  jest.restoreAllMocks();
  await context.close();
  removeDirectories();
});

type Timestamp = mongoose.mongo.Timestamp;

interface Times {
  operationTime: Timestamp;
  $clusterTime: { clusterTime: Timestamp; signature: { hash: mongoose.mongo.Binary; keyId: number } };
}

/** What a command answers over a connection of its own, without a driver that remembers times. */
async function asked(command: object): Promise<Times> {
  const raw = await RawClient.open(context.store.uri);
  const reply = (await raw.command({ ...command, $db: 'times' })) as unknown as Times;
  raw.close();
  return reply;
}

const insert = { insert: 'rows', documents: [{ n: 1 }] };

test('the time goes on over restarts, even when the clock of the machine goes back', async () => {
  context = await openStore();
  const { operationTime: first } = await asked(insert);
  expect(Math.abs(first.getHighBitsUnsigned() - Date.now() / 1000)).toBeLessThan(60);
  await context.client.close();
  await context.store.close();
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now - 3_600_000);
  context = await openStore({ dataDir: context.dataDir });
  const { operationTime: second } = await asked({ ping: 1 });
  expect(second.equals(first)).toBe(true);
  const { operationTime: third } = await asked(insert);
  expect(third.greaterThan(second)).toBe(true);
});

test('the signature is that of a set without key file', async () => {
  context = await openStore();
  const { operationTime, $clusterTime } = await asked({ ping: 1 });
  expect($clusterTime.clusterTime.equals(operationTime)).toBe(true);
  expect(Buffer.from($clusterTime.signature.hash.buffer)).toEqual(Buffer.alloc(20));
  expect(Number($clusterTime.signature.keyId)).toBe(0);
});

test.each<[string, unknown, number]>([
  ['more than a year ahead is 206', { clusterTime: new mongoose.mongo.Timestamp({ t: 2 ** 32 - 1, i: 1 }) }, 206],
  ['that is no timestamp is 14', { clusterTime: new Date() }, 14],
  ['that is left out is 40414', {}, 40414],
  ['that is no document is 14', 7, 14],
])('a time of a client %s, and changes nothing', async (_says, $clusterTime, code) => {
  context = await openStore();
  const before = await asked(insert);
  const reply = await asked({ ping: 1, $clusterTime });
  expect(reply).toMatchObject({ ok: 0, code });
  expect(reply.operationTime.equals(before.operationTime)).toBe(true);
});

test('who has not logged in is told no time and cannot move it', async () => {
  context = await openStore({ password: 'secret' });
  const clusterTime = new mongoose.mongo.Timestamp({ t: Math.floor(Date.now() / 1000) + 1000, i: 1 });
  const reply = await asked({ hello: 1, $clusterTime: { clusterTime } });
  expect(reply).toMatchObject({ ok: 1 });
  expect(reply).not.toHaveProperty('operationTime');
  expect(reply).not.toHaveProperty('$clusterTime');
});
