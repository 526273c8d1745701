import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect as netConnect } from 'node:net';
import { crc32c } from '../../../../embedded/store/wire/message.js';
import { messageOf, RawClient } from './support/raw-client.js';
import { openStore, type TestStore } from './support/stores.js';

let context: TestStore;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

async function alive(): Promise<void> {
  expect(await context.client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
}

async function send(bytes: Buffer): Promise<unknown> {
  const client = await RawClient.open(context.store.uri);
  try {
    return await client.send(bytes);
  } finally {
    client.close();
  }
}

const ping = { ping: 1, $db: 'admin' };

describe('frames', () => {
  test('a checksum is checked', async () => {
    const message = messageOf(ping, 1, 1);
    const good = Buffer.concat([message, Buffer.alloc(4)]);
    good.writeInt32LE(good.length, 0);
    good.writeUInt32LE(crc32c(good.subarray(0, good.length - 4)), good.length - 4);
    expect(await send(good)).toMatchObject({ ok: 1 });
    good[good.length - 1] = (good[good.length - 1] ?? 0) ^ 1;
    expect(await send(good)).toBeUndefined();
  });

  test('an unacknowledged message gets no answer, the next one does', async () => {
    const client = await RawClient.open(context.store.uri);
    const insert = { insert: 'frames', documents: [{ _id: 1 }], $db: 'wire', writeConcern: { w: 0 } };
    const both = Buffer.concat([messageOf(insert, 1, 2), messageOf({ count: 'frames', $db: 'wire' }, 2)]);
    expect(await client.send(both)).toMatchObject({ n: 1 });
    client.close();
  });

  test('a message may come byte by byte, and several at once', async () => {
    const client = await RawClient.open(context.store.uri);
    const message = messageOf(ping);
    for (const byte of message.subarray(0, -1)) client.write(Buffer.from([byte]));
    expect(await client.send(message.subarray(-1))).toMatchObject({ ok: 1 });
    client.write(Buffer.concat([message, message, message]));
    expect(await Promise.all([client.answer(), client.answer(), client.answer()])).toMatchObject([
      { ok: 1 },
      { ok: 1 },
      { ok: 1 },
    ]);
    client.close();
  });

  test.each<[string, (bytes: Buffer) => unknown]>([
    ['length 0', (bytes) => bytes.writeInt32LE(0, 0)],
    ['negative length', (bytes) => bytes.writeInt32LE(-1, 0)],
    ['huge length', (bytes) => bytes.writeInt32LE(0x7fffffff, 0)],
    ['unknown opcode', (bytes) => bytes.writeInt32LE(2006, 12)],
    ['compressed', (bytes) => bytes.writeInt32LE(2012, 12)],
    ['unknown required flag', (bytes) => bytes.writeUInt32LE(4, 16)],
    ['unknown section', (bytes) => bytes.writeUInt8(7, 20)],
    ['document longer than the frame', (bytes) => bytes.writeInt32LE(9999, 21)],
    ['document of negative length', (bytes) => bytes.writeInt32LE(-5, 21)],
  ])('%s closes the connection', async (_name, damage) => {
    const bytes = messageOf(ping);
    damage(bytes);
    expect(await send(bytes)).toBeUndefined();
    await alive();
  });

  test('every byte of a message may be wrong: it answers or closes, and stays alive', async () => {
    const original = messageOf({ find: 'x', filter: { a: [1, { b: 'text' }] }, $db: 'wire' });
    for (let at = 4; at < original.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = Buffer.from(original);
        bytes[at] = value;
        const answer = await send(bytes);
        expect(answer === undefined || typeof answer === 'object').toBe(true);
      }
    }
    await alive();
  });

  test('a client that leaves in the middle of a message harms nobody', async () => {
    const { port } = new URL(context.store.uri.replace('mongodb:', 'http:'));
    await Promise.all(
      [1, 10, 20, 30].map(
        (length) =>
          new Promise<void>((resolve) => {
            const socket = netConnect(Number(port), '127.0.0.1', () => {
              socket.write(messageOf(ping).subarray(0, length), () => socket.destroy());
            });
            socket.once('close', () => resolve());
          }),
      ),
    );
    await alive();
  });

  test('deeply nested documents are refused', async () => {
    let nested: object = {};
    for (let depth = 0; depth < 300; depth += 1) nested = { a: nested };
    expect(await send(messageOf({ insert: 'x', documents: [nested], $db: 'wire' }))).toMatchObject({ ok: 0 });
  });
});

describe('the older handshake', () => {
  test('hello and isMaster are answered over OP_QUERY, other commands are not', async () => {
    expect(await send(queryOf({ isMaster: 1, helloOk: true }))).toMatchObject({
      ismaster: true,
      setName: 'switchboard',
      helloOk: true,
      ok: 1,
    });
    expect(await send(queryOf({ find: 'x' }))).toMatchObject({ ok: 0, code: 352 });
  });
});

/** An OP_QUERY on `admin.$cmd`. */
function queryOf(command: object): Buffer {
  const body = messageOf(command).subarray(21);
  const name = Buffer.from('admin.$cmd\0');
  const bytes = Buffer.concat([Buffer.alloc(20), name, Buffer.alloc(8), body]);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(2004, 12);
  bytes.writeInt32LE(-1, 20 + name.length + 4);
  return bytes;
}
