import { openSync, closeSync, ftruncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startStore } from '../../../../embedded/store/server.js';
import { Environment } from '../../../../embedded/store/storage/environment.js';
import {
  connect,
  failure,
  MongoClient,
  openStore,
  removeDirectories,
  spawnStore,
  temporaryDirectory,
} from './support/stores.js';

afterAll(removeDirectories);

describe('the server as a process', () => {
  test('kill -9 under load: every acknowledged write is there, and every index agrees', async () => {
    const dataDir = temporaryDirectory();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const server = await spawnStore(['--data', dataDir, '--port', '0']);
      const client = await new MongoClient(server.uri, { serverSelectionTimeoutMS: 200, retryWrites: false }).connect();
      const rows = client.db('crash').collection<{ _id: string; n: number; pair: string }>('rows');
      const pairs = client.db('crash').collection<{ _id: string }>('pairs');
      await rows.createIndex({ n: 1 });
      await rows.createIndex({ pair: 1 }, { unique: true });
      const before = acknowledged.size;
      const writePair = (id: string, n: number): Promise<void> =>
        client.withSession(async (session) => {
          session.startTransaction();
          await rows.insertOne({ _id: id, n, pair: id }, { session });
          await pairs.insertOne({ _id: id }, { session });
          await session.commitTransaction();
        });
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        for (let n = 0; ; n += 1) {
          const id = `${round}-${writer}-${n}`;
          if (writer < 5) await rows.insertOne({ _id: id, n, pair: id });
          else await writePair(id, n);
          acknowledged.add(id);
          if (acknowledged.size === before + 300) server.child.kill('SIGKILL');
        }
      });
      await Promise.allSettled(writers);
      await server.stop('SIGKILL');
      await client.close();
    }
    const store = await startStore({ dataDir });
    const client = await connect(store.uri);
    const rows = client.db('crash').collection<{ _id: string }>('rows');
    const found = new Set((await rows.find().hint({ $natural: 1 }).toArray()).map(({ _id }) => _id));
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
    for (const hint of ['n_1', 'pair_1', '_id_'])
      expect(await rows.find().hint(hint).toArray()).toHaveLength(found.size);
    const inTransactions = [...found].filter((id) => Number(id.split('-')[1]) >= 5).sort();
    const pairs = await client.db('crash').collection<{ _id: string }>('pairs').find().toArray();
    expect(pairs.map(({ _id }) => _id).sort()).toEqual(inTransactions);
    await client.close();
    await store.close();
  }, 60_000);

  test('SIGTERM closes it, a Unix socket and a password work', async () => {
    const dataDir = temporaryDirectory();
    const socket = join(dataDir, 's.sock');
    const server = await spawnStore(['--data', join(dataDir, 'db'), '--socket', socket], {
      STORE_PASSWORD: 'sésame, ouvre-toi',
    });
    const plain = await connect(server.uri);
    expect(await failure(plain.db('a').collection('b').findOne())).toMatchObject({ code: 13 });
    await plain.close();
    const withPassword = (password: string) =>
      new MongoClient(server.uri, { auth: { username: 'switchboard', password }, serverSelectionTimeoutMS: 2000 });
    const wrong = withPassword('wrong');
    expect(await failure(wrong.connect())).toMatchObject({ code: 18 });
    await wrong.close();
    const client = await withPassword('sésame, ouvre-toi').connect();
    await client.db('a').collection('b').insertOne({ x: 1 });
    expect(await client.db('a').collection('b').countDocuments()).toBe(1);
    expect(await server.stop('SIGTERM')).toBe(0);
    await client.close();
  }, 30_000);

  test('wrong arguments and a taken directory end it with a line that says why', async () => {
    const dataDir = temporaryDirectory();
    expect((await failure(spawnStore(['--data', dataDir]))).message).toContain('--port');
    const store = await startStore({ dataDir });
    expect((await failure(spawnStore(['--data', dataDir, '--port', '0']))).message).toContain(
      'already open in another process',
    );
    expect((await failure(startStore({ dataDir }))).message).toContain('already open');
    await store.close();
    await (await startStore({ dataDir })).close();
  }, 30_000);
});

describe('the data file', () => {
  test('a newer format is refused', async () => {
    const dataDir = temporaryDirectory();
    await (await startStore({ dataDir })).close();
    const environment = Environment.open(dataDir);
    await environment.write((writer) => writer.put('meta', Buffer.from('format'), Buffer.from('2')));
    await environment.close();
    expect((await failure(startStore({ dataDir }))).message).toContain('format 2');
  });

  test('a truncated file is reported as damaged', async () => {
    const dataDir = temporaryDirectory();
    const context = await openStore({ dataDir: join(dataDir, 'db') });
    await context.client
      .db('a')
      .collection('b')
      .insertMany(Array.from({ length: 500 }, () => ({ text: 'x'.repeat(500) })));
    await context.client.close();
    await context.store.close();
    const file = join(dataDir, 'db', 'data.mdb');
    const descriptor = openSync(file, 'r+');
    ftruncateSync(descriptor, Math.floor(statSync(file).size / 2));
    closeSync(descriptor);
    expect((await failure(startStore({ dataDir: join(dataDir, 'db') }))).message).toContain('damaged');
  });

  test('a full disk refuses writes by name, keeps what is there, and does no harm once there is room', async () => {
    const dataDir = temporaryDirectory();
    const small = await spawnStore(['--data', dataDir, '--port', '0'], {}, 4096);
    const client = await connect(small.uri);
    const rows = client.db('full').collection<{ _id: number; text: string }>('rows');
    let stored = 0;
    const fill = async (): Promise<void> => {
      for (; ; stored += 1) await rows.insertOne({ _id: stored, text: 'x'.repeat(50_000) });
    };
    const error = await failure(fill());
    expect(error.message).toContain('disk is full');
    expect(await rows.countDocuments()).toBe(stored);
    expect(await rows.findOne({ _id: 0 })).toMatchObject({ _id: 0 });
    await client.close();
    await small.stop('SIGTERM');
    const large = await openStore({ dataDir });
    const again = large.client.db('full').collection<{ _id: number; text: string }>('rows');
    expect((await again.find().toArray()).map(({ _id }) => _id)).toEqual(Array.from({ length: stored }, (_, n) => n));
    await again.insertOne({ _id: stored, text: 'fits' });
    await large.close();
  }, 30_000);
});
