import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startRedis, type RedisServer } from '../../../embedded/redis/start-redis.js';
import '../../../src/models/index.js';
import { startHubProcess } from '../../support/hub-process.js';
import { startHub } from '../../support/start-hub.js';
import { openTestStore, type TestStore } from '../../support/test-store.js';
import { until } from '../../support/until.js';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'switchboard-indexes-'));
let store: TestStore;
let redis: RedisServer;
let client: mongoose.mongo.MongoClient;
let db: mongoose.mongo.Db;

beforeAll(async () => {
  store = await openTestStore(folder);
  redis = await startRedis({ dir: join(folder, 'redis') });
  client = await mongoose.mongo.MongoClient.connect(store.uri);
  db = client.db();
});
afterAll(async () => {
  await client.close();
  await redis.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (): Record<string, string> => ({ MONGODB_URI: store.uri, REDIS_URL: redis.url, DATA_DIR: folder });

/** Indexes that the models name and the store does not have. */
async function missing(): Promise<string[]> {
  const checked = Object.values(mongoose.models).map(async ({ schema, collection: { collectionName } }) => {
    const there = await db
      .collection(collectionName)
      .indexes()
      .catch(() => []);
    const keys = new Set(there.map(({ key }) => JSON.stringify(key)));
    return schema
      .indexes()
      .filter(([key]) => !keys.has(JSON.stringify(key)))
      .map(([key]) => `${collectionName} ${JSON.stringify(key)}`);
  });
  return (await Promise.all(checked)).flat();
}

const isThere = async (collection: string): Promise<boolean> =>
  (await db.listCollections({ name: collection }).toArray()).length > 0;

describe('a process that says it is ready', () => {
  it('has every index, though a builder was killed and two start at once', async () => {
    // Large enough for its indexes to take a while.
    const rows = Array.from({ length: 20_000 }, (_, n) => ({ conversation: n, orderAt: n, tieKey: String(n), rev: n }));
    await db.collection('messages').insertMany(rows);
    const killed = new AbortController();
    const builder = startHubProcess(settings(), killed.signal).catch((error: unknown) => error);
    await until('the builder has begun', () => isThere('users'));
    killed.abort();
    expect(await builder).toBeInstanceOf(Error);
    // How far it came hangs on the moment; this is as if it had not come far.
    await db.collection('messages').dropIndexes();
    expect(await missing()).not.toEqual([]);

    const ready = async () => {
      const hub = await startHubProcess(settings());
      return { hub, lacked: await missing() };
    };
    const both = await Promise.all([ready(), ready()]);
    await Promise.all(both.map(({ hub }) => hub.stop()));
    expect(both.map(({ lacked }) => lacked)).toEqual([[], []]);
  });

  it('has every index, whatever another process of its number holds: in containers all are number 1', async () => {
    for (const { name } of await db.listCollections().toArray()) await db.collection(name).drop();
    const leaseUntil = new Date(Date.now() + 60_000);
    const row = { _id: `lease:indexes:${process.pid}` as never, owner: 'another', leaseUntil };
    await db.collection('lanes').insertOne(row);
    const hub = await startHub(settings());
    const lacked = await missing();
    await hub.stop();
    expect(lacked).toEqual([]);
  });
});
