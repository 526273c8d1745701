import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CursorTable, type CursorSource } from '../../../../embedded/store/commands/cursor-table.js';
import { Pace } from '../../../../embedded/store/commands/pace.js';
import { messageOf, RawClient } from './support/raw-client.js';
import { failure, openStore, removeDirectories, type TestStore } from './support/stores.js';

let opened: TestStore;

beforeAll(async () => {
  opened = await openStore({ transactionLifetimeSeconds: 60 });
  const rows = Array.from({ length: 4000 }, (_, at) => ({ _id: at as never, n: at }));
  await opened.client.db('ops').collection('rows').insertMany(rows);
});
afterAll(async () => {
  await opened.close();
  removeDirectories();
});

interface Shown {
  opid: number;
  op: string;
  ns: string;
}

const admin = (command: object) => opened.client.db('admin').command(command);
const running = async (filter: object): Promise<Shown[]> => (await admin({ currentOp: 1, ...filter }))['inprog'];

/** Waits for a command that matches the filter. */
async function shown(filter: object): Promise<Shown> {
  for (;;) {
    const [first] = await running(filter);
    if (first !== undefined) return first;
  }
}

async function none(filter: object): Promise<void> {
  while ((await running(filter)).length > 0);
}

/** Compares every document with every other one: minutes of work. */
const slow = [
  { $lookup: { from: 'rows', localField: 'n', foreignField: 'm', as: 'found' } },
  { $match: { found: { $size: 1 } } },
];

describe('killOp', () => {
  test('ends a long read, which then answers 11601', async () => {
    const rows = opened.client.db('ops').collection('rows');
    const read = failure(rows.aggregate(slow, { comment: 'to be killed' }).toArray());
    const { opid, op, ns } = await shown({ 'command.comment': 'to be killed' });
    expect({ op, ns }).toEqual({ op: 'command', ns: 'ops.rows' });
    await admin({ killOp: 1, op: opid });
    expect(await read).toMatchObject({ code: 11601, codeName: 'Interrupted' });
    expect(await running({ opid })).toEqual([]);
  });

  test('ends a getMore, and with it the cursor', async () => {
    const client = await RawClient.open(opened.store.uri);
    const first = await client.command({
      aggregate: 'rows',
      pipeline: slow,
      cursor: { batchSize: 0 },
      $db: 'ops',
    });
    const { id } = first['cursor'] as { id: unknown };
    const more = client.command({ getMore: id, collection: 'rows', comment: 'next batch', $db: 'ops' });
    const { opid, op } = await shown({ 'command.comment': 'next batch' });
    expect(op).toBe('getmore');
    await admin({ killOp: 1, op: opid });
    expect(await more).toMatchObject({ ok: 0, code: 11601 });
    expect(await client.command({ getMore: id, collection: 'rows', $db: 'ops' })).toMatchObject({ code: 43 });
    client.close();
  });

  test.each([
    ['killOp', { comment: 'killed while waiting' }, 11601],
    ['maxTimeMS', { maxTimeMS: 50 }, 50],
  ])('%s ends a write that waits for a transaction', async (_name, options, code) => {
    const rows = opened.client.db('ops').collection('locked');
    await rows.deleteMany({});
    await rows.insertOne({ _id: 1 as never, n: 0 });
    const session = opened.client.startSession();
    session.startTransaction();
    await rows.updateOne({ _id: 1 as never }, { $set: { n: 1 } }, { session });
    const updates = [{ q: { _id: 1 }, u: { $set: { n: 2 } } }];
    const write = failure(opened.client.db('ops').command({ update: 'locked', updates, ...options }));
    if ('comment' in options) {
      const { opid } = await shown({ 'command.comment': options.comment });
      await admin({ killOp: 1, op: opid });
    }
    expect(await write).toMatchObject({ code });
    await session.commitTransaction();
    await session.endSession();
    expect(await rows.findOne()).toEqual({ _id: 1, n: 1 });
  });
});

describe('a client that leaves', () => {
  test('takes its reads with it, those that wait in line too', async () => {
    const client = await RawClient.open(opened.store.uri);
    const read = { aggregate: 'rows', pipeline: slow, cursor: {}, comment: 'left behind', $db: 'ops' };
    client.write(Buffer.concat([messageOf(read, 1), messageOf(read, 2)]));
    await shown({ 'command.comment': 'left behind' });
    client.close();
    await none({ 'command.comment': 'left behind' });
    expect(await admin({ serverStatus: 1 })).toMatchObject({ metrics: { cursor: { open: { total: 0 } } } });
  });

  test('leaves its writes, which are brought to their end', async () => {
    const client = await RawClient.open(opened.store.uri);
    const updates = [{ q: {}, u: { $set: { touched: true } }, multi: true }];
    client.write(messageOf({ update: 'rows', updates, comment: 'written to the end', $db: 'ops' }));
    await shown({ 'command.comment': 'written to the end' });
    client.close();
    await none({ 'command.comment': 'written to the end' });
    expect(await opened.client.db('ops').collection('rows').countDocuments({ touched: true })).toBe(4000);
  });
});

describe('cursors of a closed connection', () => {
  const source = (): CursorSource => ({
    next: () => new Uint8Array(5),
    interrupted: () => undefined,
    close: () => undefined,
  });
  const owner = (connection: object) => ({ session: undefined, transaction: undefined, connection });
  const request = { namespace: 'a.b', batchSize: 1, single: false };

  test('are closed after a short while, unless another connection reads on', async () => {
    jest.useFakeTimers();
    try {
      const cursors = new CursorTable();
      const [gone, other] = [{}, {}];
      const pace = new Pace(0);
      await cursors.open({ ...request, source: source(), ...owner(gone) }, pace);
      const reply = await cursors.open({ ...request, source: source(), ...owner(gone) }, pace);
      const id = reply.readBigInt64LE(reply.indexOf('id\0', 0, 'latin1') + 3);
      cursors.clientGone(gone);
      await cursors.more(id, 'a.b', 1, owner(other), pace);
      expect(cursors.size).toBe(2);
      jest.advanceTimersByTime(10_000);
      expect(cursors.size).toBe(1);
      cursors.clientGone(other);
      jest.advanceTimersByTime(10_000);
      expect(cursors.size).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test('a cursor is not kept for a command that was ended', async () => {
    const cursors = new CursorTable();
    const pace = new Pace(0);
    const close = jest.fn();
    const ending: CursorSource = {
      ...source(),
      close,
      next: () => {
        pace.interrupt(new Error('ended') as never);
        return new Uint8Array(5);
      },
    };
    await expect(cursors.open({ ...request, source: ending, ...owner({}) }, pace)).rejects.toThrow('ended');
    expect(cursors.size).toBe(0);
    expect(close).toHaveBeenCalled();
  });
});
