import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startStore } from '../../../../embedded/store/server.js';
import { connect, failure, MongoClient, removeDirectories, spawnStore, temporaryDirectory } from './support/stores.js';

afterAll(removeDirectories);

describe('the server as a process', () => {
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
