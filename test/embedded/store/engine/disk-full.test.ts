import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { runOffline } from '../../../../embedded/store/commands/offline.js';
import {
  connect,
  failure,
  Long,
  openStore,
  removeDirectories,
  spawnStore,
  temporaryDirectory,
  type Client,
} from './support/stores.js';

afterAll(removeDirectories);

type Row = mongoose.mongo.Document & { _id: string };

/** What was acknowledged, and what was refused. */
interface Outcome {
  rows: string[];
  pairs: string[];
  collections: string[];
  indexes: string[];
  refused: Array<Error & { code?: number }>;
}

const WRITERS = 12;
/** Refusals after which a writer gives up. */
const PATIENCE = 4;
/** Room left to the data file before it meets its limit, in bytes. */
const ROOM = 400_000;

/** Limits the size of the files that a running process writes (prlimit of util-linux). */
function limitFiles(pid: number | undefined, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

/** Writes of every kind until each writer has been refused several times. */
async function writeUntilFull(client: Client): Promise<Outcome> {
  const outcome: Outcome = { rows: [], pairs: [], collections: [], indexes: [], refused: [] };
  const db = client.db('full');
  const rows = db.collection<Row>('rows');
  const pairs = db.collection<Row>('pairs');
  const writePair = (id: string): Promise<void> =>
    client.withSession(async (session) => {
      session.startTransaction();
      await rows.insertOne({ _id: `pair-${id}`, text: 'x'.repeat(3000) }, { session });
      await pairs.insertOne({ _id: id }, { session });
      await session.commitTransaction();
    });
  const kinds: Array<(id: string) => Promise<unknown>> = [
    async (id) => {
      await rows.insertOne({ _id: id, tags: [id, 'all'], text: 'x'.repeat(3000) });
      outcome.rows.push(id);
    },
    async (id) => {
      await writePair(id);
      outcome.pairs.push(id);
    },
    async (id) => {
      await db.createCollection(`made-${id}`);
      outcome.collections.push(`made-${id}`);
      await db.collection<Row>(`made-${id}`).insertOne({ _id: 'first', text: 'x'.repeat(3000) });
    },
    async (id) => {
      await rows.createIndex({ [`field${id}`]: 1, _id: -1 }, { name: `index-${id}` });
      outcome.indexes.push(`index-${id}`);
      await rows.dropIndex(`index-${id}`);
      outcome.indexes = outcome.indexes.filter((name) => name !== `index-${id}`);
    },
  ];
  const write = async (writer: number): Promise<void> => {
    const kind = kinds[writer % kinds.length];
    for (let n = 0, refusals = 0; refusals < PATIENCE; n += 1) {
      try {
        await kind?.(`${writer}-${n}`);
      } catch (error) {
        outcome.refused.push(error as Error);
        refusals += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  return outcome;
}

test('a disk that fills up under load refuses by name, stays readable, loses nothing, and takes writes again', async () => {
  const dataDir = temporaryDirectory();
  const server = await spawnStore(['--data', dataDir, '--port', '0', '--transaction-lifetime', '60']);
  const client = await connect(server.uri);
  const db = client.db('full');
  const rows = db.collection<Row>('rows');
  await rows.createIndex({ tags: 1 });
  await db.createCollection('pairs');
  await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: `before-${n}`, tags: ['all'] })));
  limitFiles(server.child.pid, statSync(join(dataDir, 'data.mdb')).size + ROOM);
  const outcome = await writeUntilFull(client);

  expect(outcome.rows.length).toBeGreaterThan(0);
  expect(outcome.pairs.length).toBeGreaterThan(0);
  const codes = outcome.refused.map(({ code, message }) =>
    code === 14031 || code === 1 ? code : `${code}: ${message}`,
  );
  expect(new Set(codes.filter((code) => typeof code === 'string'))).toEqual(new Set());
  for (const { message } of outcome.refused) expect(message).toMatch(/disk/);
  expect(await rows.countDocuments({ tags: 'all' })).toBe(100 + outcome.rows.length);
  expect(await rows.findOne({ _id: 'before-7' })).toEqual({ _id: 'before-7', tags: ['all'] });
  for (const name of outcome.collections) expect(await db.listCollections({ name }).toArray()).toHaveLength(1);

  limitFiles(server.child.pid, 'unlimited');
  await rows.insertOne({ _id: 'after', tags: ['all'] });
  await db.createCollection('after');
  await rows.createIndex({ note: 1 });
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await rows.updateOne({ _id: 'after' }, { $set: { note: 'changed' } }, { session });
      await db.collection<Row>('new in a transaction').insertOne({ _id: 'one' }, { session });
    }),
  );
  await client.close();
  expect(await server.stop('SIGTERM')).toBe(0);

  expect(await runOffline(dataDir, { tool: 'verify', repair: false })).toMatchObject({ ok: true });
  const again = await openStore({ dataDir });
  const stored = again.client.db('full');
  const ids = new Set((await stored.collection<Row>('rows').find().toArray()).map(({ _id }) => _id));
  const pairs = (await stored.collection<Row>('pairs').find().toArray()).map(({ _id }) => _id);
  const names = new Set((await stored.listCollections().toArray()).map(({ name }) => name));
  const indexes = new Set((await stored.collection('rows').indexes()).map(({ name }) => name));
  expect([...outcome.rows, 'after'].filter((id) => !ids.has(id))).toEqual([]);
  expect(outcome.pairs.filter((id) => !pairs.includes(id))).toEqual([]);
  expect([...ids].filter((id) => id.startsWith('pair-')).sort()).toEqual(pairs.map((id) => `pair-${id}`).sort());
  expect([...outcome.collections, 'after', 'new in a transaction'].filter((name) => !names.has(name))).toEqual([]);
  expect([...outcome.indexes, 'tags_1', 'note_1'].filter((name) => !indexes.has(name))).toEqual([]);
  expect(await stored.collection<Row>('rows').findOne({ note: 'changed' })).toMatchObject({ _id: 'after' });
  await again.close();
});

test('a store that starts on a full disk serves what it has, and takes a refused write again once there is room', async () => {
  const dataDir = temporaryDirectory();
  const first = await openStore({ dataDir });
  await first.client.db('full').collection<Row>('rows').insertOne({ _id: 'kept' });
  await first.close();
  const server = await spawnStore(['--data', dataDir, '--port', '0'], {}, 4);
  const client = await connect(server.uri);
  const rows = client.db('full').collection<Row>('rows');
  expect(await rows.find().toArray()).toEqual([{ _id: 'kept' }]);
  const text = 'x'.repeat(100_000);
  expect((await failure(rows.insertOne({ _id: 'new', text }))).message).toMatch(/disk/);

  const session = client.startSession();
  const insert = { insert: 'rows', documents: [{ _id: 'again', text }], txnNumber: Long.fromNumber(1) };
  expect((await failure(client.db('full').command(insert, { session }))).message).toMatch(/disk/);
  limitFiles(server.child.pid, 'unlimited');
  // The repeat finds no outcome of the refused try to answer from.
  expect(await client.db('full').command(insert, { session })).toMatchObject({ n: 1 });
  expect(await rows.countDocuments({ _id: 'again' })).toBe(1);
  await session.endSession();
  await client.close();
  await server.stop('SIGTERM');
});
