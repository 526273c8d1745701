import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { connect as netConnect } from 'node:net';
import { FrameBudget } from '../../../../embedded/store/wire/frame-budget.js';
import { MAX_HANDSHAKE_BYTES } from '../../../../embedded/store/wire/message.js';
import { messageOf, RawClient } from './support/raw-client.js';
import { MongoClient, openStore, removeDirectories, temporaryDirectory } from './support/stores.js';
import { startStore, type RunningStore } from '../../../../embedded/store/server.js';

afterAll(removeDirectories);

/** A frame header that announces `length` bytes, without what should follow. */
function announcement(length: number): Buffer {
  const header = messageOf({ ping: 1 }).subarray(0, 16);
  header.writeInt32LE(length, 0);
  return header;
}

describe('before log-in', () => {
  const password = 'open sesame';
  let store: RunningStore;

  beforeAll(async () => {
    store = await startStore({ dataDir: temporaryDirectory(), password });
  });
  afterAll(() => store.close());

  const padded = (command: object, bytes: number): Buffer => {
    const empty = messageOf({ ...command, $db: 'admin', comment: '' }).length;
    return messageOf({ ...command, $db: 'admin', comment: 'x'.repeat(bytes - empty) });
  };

  test.each([
    { saslStart: 1, mechanism: 'SCRAM-SHA-256' },
    { saslContinue: 1, conversationId: 1 },
    { hello: 1 },
    { ping: 1 },
    { find: 'x' },
  ])('the header of a large %j is answered and ends the connection, whatever would follow', async (command) => {
    const client = await RawClient.open(store.uri);
    const message = padded(command, MAX_HANDSHAKE_BYTES + 1);
    expect(await client.send(message.subarray(0, 16))).toMatchObject({ ok: 0, code: 13, codeName: 'Unauthorized' });
    expect(await client.answer()).toBeUndefined();
  });

  test('the largest frame of all is refused before its content has been sent', async () => {
    const client = await RawClient.open(store.uri);
    expect(await client.send(announcement(44_000_000))).toMatchObject({ ok: 0, code: 13 });
    client.close();
  });

  test('what the handshake needs passes, and answers come before the refusal', async () => {
    const client = await RawClient.open(store.uri);
    client.write(Buffer.concat([padded({ ping: 1 }, MAX_HANDSHAKE_BYTES), announcement(MAX_HANDSHAKE_BYTES + 1)]));
    expect(await client.answer()).toMatchObject({ ok: 1 });
    expect(await client.answer()).toMatchObject({ ok: 0, code: 13 });
    client.close();
  });

  test('a large message passes after log-in', async () => {
    const client = await new MongoClient(store.uri, { auth: { username: 'switchboard', password } }).connect();
    const rows = client.db('guards').collection('large');
    await rows.insertOne({ text: 'x'.repeat(3_000_000) });
    expect(await rows.countDocuments()).toBe(1);
    await client.close();
  });
});

describe('announced frames', () => {
  test('a large one waits for room, in order, and gets it when another is given back', () => {
    const budget = new FrameBudget(100, 1000);
    const granted: string[] = [];
    const reserve = (name: string, bytes: number) =>
      budget.reserve(
        bytes,
        () => granted.push(name),
        () => undefined,
      );
    const giveBack = reserve('first', 80);
    const giveUp = reserve('second', 60);
    const third = reserve('third', 50);
    expect(granted).toEqual(['first']);
    giveUp();
    expect(granted).toEqual(['first']);
    giveBack();
    giveBack();
    expect(granted).toEqual(['first', 'third']);
    third();
    reserve('larger than all room', 500)();
    expect(granted).toEqual(['first', 'third', 'larger than all room']);
  });

  test('who does not send what was announced loses the connection, and the next one has its turn', async () => {
    jest.useFakeTimers();
    try {
      const budget = new FrameBudget(100, 1000);
      const events: string[] = [];
      const giveBack = budget.reserve(
        100,
        () => events.push('held'),
        () => {
          events.push('late');
          giveBack();
        },
      );
      budget.reserve(
        100,
        () => events.push('next'),
        () => undefined,
      );
      jest.advanceTimersByTime(1000);
      expect(events).toEqual(['held', 'late', 'next']);
    } finally {
      jest.useRealTimers();
    }
  });

  test('many connections that announce the most there is leave room for one that sends', async () => {
    const opened = await openStore();
    const { port } = new URL(opened.store.uri.replace('mongodb:', 'http:'));
    const sockets = await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<ReturnType<typeof netConnect>>((resolve) => {
            const socket = netConnect(Number(port), '127.0.0.1', () => {
              socket.write(announcement(48_000_000), () => resolve(socket));
            });
            socket.on('error', () => undefined);
          }),
      ),
    );
    const rows = opened.client.db('guards').collection('large');
    const written = rows.insertOne({ text: 'x'.repeat(3_000_000) });
    for (const socket of sockets) socket.destroy();
    await written;
    expect(await rows.countDocuments()).toBe(1);
    await opened.close();
  });
});
