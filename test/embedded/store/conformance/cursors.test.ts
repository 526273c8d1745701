import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

const { Long } = mongoose.mongo;

let target: Target;
let rows: Rows;
let session: mongoose.mongo.ClientSession;

beforeAll(async () => {
  target = await openTarget();
  rows = await plainRows(
    target,
    Array.from({ length: 250 }, (_, n) => ({ n, even: n % 2 === 0 })),
  );
  await rows.createIndex({ n: 1 });
  session = target.session();
});
afterAll(() => target.close());

interface Batch {
  id: number | InstanceType<typeof Long>;
  ns: string;
  firstBatch?: Row[];
  nextBatch?: Row[];
}

const run = (command: Row): Promise<Row> => target.db.command(command, { session });
const cursorOf = async (command: Row): Promise<Batch> => (await run(command))['cursor'] as Batch;
const find = (fields: Row = {}): Promise<Batch> => cursorOf({ find: rows.collectionName, ...fields });
const more = ({ id }: Batch, fields: Row = {}): Promise<Batch> =>
  cursorOf({ getMore: Long.fromValue(id), collection: rows.collectionName, ...fields });
const isOpen = ({ id }: Batch): boolean => !Long.fromValue(id).isZero();
const sizeOf = (batch: Batch): number => (batch.firstBatch ?? batch.nextBatch ?? []).length;

/** [what the source says, page, options of find, size of the first batch, whether the cursor stays open]. */
const firsts: [says: string, source: string, fields: Row, size: number, open: boolean][] = [
  ['101 documents unless told', 'tutorial/iterate-a-cursor', {}, 101, true],
  ['batchSize', 'command/find', { batchSize: 10 }, 10, true],
  ['batchSize 0 opens the cursor only', 'command/find', { batchSize: 0 }, 0, true],
  ['batchSize above the number of documents', 'command/find', { batchSize: 1000 }, 250, false],
  ['limit below the first batch', 'command/find', { limit: 5 }, 5, false],
  ['limit above the first batch', 'command/find', { limit: 150 }, 101, true],
  ['limit equal to batchSize', 'command/find', { limit: 20, batchSize: 20 }, 20, false],
  ['limit 0 is none', 'command/find', { limit: 0 }, 101, true],
  ['singleBatch', 'command/find', { singleBatch: true, batchSize: 7 }, 7, false],
  ['singleBatch with limit', 'command/find', { singleBatch: true, limit: 3 }, 3, false],
  ['skip to the end', 'command/find', { skip: 245 }, 5, false],
  ['skip beyond the end', 'command/find', { skip: 1000 }, 0, false],
  ['skip and limit', 'command/find', { skip: 10, limit: 2, sort: { n: 1 } }, 2, false],
  ['a sort by an index', 'command/find', { sort: { n: -1 }, batchSize: 4 }, 4, true],
  ['a sort in memory', 'command/find', { sort: { even: 1 }, batchSize: 4 }, 4, true],
  ['nothing found', 'command/find', { filter: { n: -1 } }, 0, false],
  ['noCursorTimeout', 'command/find', { noCursorTimeout: true, batchSize: 2 }, 2, true],
];

describe('the first batch', () => {
  test.each(firsts)('%s (%s)', async (_says, _source, fields, size, open) => {
    const batch = await find(fields);
    expect([sizeOf(batch), isOpen(batch)]).toEqual([size, open]);
    expect(batch.ns).toBe(`${target.db.databaseName}.${rows.collectionName}`);
  });

  test('of a collection that does not exist is empty and closed (command/find)', async () => {
    const batch = await cursorOf({ find: 'nowhere' });
    expect([sizeOf(batch), isOpen(batch)]).toEqual([0, false]);
  });

  test.each<[string, Row, number]>([
    ['101 documents unless told', { cursor: {} }, 101],
    ['batchSize', { cursor: { batchSize: 3 } }, 3],
    ['batchSize 0', { cursor: { batchSize: 0 } }, 0],
  ])('of a pipeline: %s (command/aggregate)', async (_says, fields, size) => {
    const batch = await cursorOf({ aggregate: rows.collectionName, pipeline: [{ $match: {} }], ...fields });
    expect([sizeOf(batch), isOpen(batch)]).toEqual([size, true]);
  });
});

describe('reading on (command/getMore)', () => {
  test('takes batches until the cursor is closed', async () => {
    let batch = await find({ sort: { n: 1 }, batchSize: 100 });
    const sizes = [sizeOf(batch)];
    while (isOpen(batch)) sizes.push(sizeOf((batch = await more(batch, { batchSize: 60 }))));
    expect(sizes).toEqual([100, 60, 60, 30]);
  });

  test('without batchSize takes all the rest', async () => {
    const batch = await more(await find({ batchSize: 1 }));
    expect([sizeOf(batch), isOpen(batch)]).toEqual([249, false]);
  });

  test('stops at the limit', async () => {
    const batch = await more(await find({ limit: 30, batchSize: 20 }), { batchSize: 20 });
    expect([sizeOf(batch), isOpen(batch)]).toEqual([10, false]);
  });

  test('gives nothing and closes after the last document', async () => {
    const last = await more(await find({ batchSize: 250 }));
    expect([sizeOf(last), isOpen(last)]).toEqual([0, false]);
  });

  test('keeps the order of a sort over all batches', async () => {
    const found = await rows.find({}, { sort: { n: -1 }, batchSize: 17, session }).toArray();
    expect(found.map(({ n }) => n)).toEqual(Array.from({ length: 250 }, (_, at) => 249 - at));
  });

  test('skips documents deleted meanwhile', async () => {
    const others = await plainRows(
      target,
      [1, 2, 3, 4].map((n) => ({ n })),
    );
    const cursor = others.find({}, { sort: { _id: 1 }, batchSize: 1 });
    await cursor.next();
    await others.deleteOne({ _id: 3 });
    expect((await cursor.toArray()).map(({ _id }) => _id)).toEqual([2, 4]);
  });

  test('is answered for pipelines and lists under their own namespaces', async () => {
    const pipeline = [{ $project: { n: 1 } }];
    const opened = await cursorOf({ aggregate: rows.collectionName, pipeline, cursor: { batchSize: 2 } });
    expect(sizeOf(await more(opened, { batchSize: 3 }))).toBe(3);
    await target.db.createCollection('second');
    const lists = await cursorOf({ listCollections: 1, cursor: { batchSize: 1 } });
    expect(lists.ns).toBe(`${target.db.databaseName}.$cmd.listCollections`);
    expect(sizeOf(await more(lists, { collection: '$cmd.listCollections' }))).toBeGreaterThan(0);
  });
});

/** [what the source says, page, how to fail, code]. */
const failures: [says: string, source: string, fail: () => Promise<unknown>, code: number][] = [
  ['an unknown cursor', 'command/getMore', () => more({ id: 12345, ns: '' }), 43],
  ['a finished cursor', 'command/getMore', async () => more(await finished()), 43],
  ['another collection', 'command/getMore', async () => more(await find({ batchSize: 1 }), { collection: 'x' }), 13],
  ['no collection', 'command/getMore', async () => run({ getMore: Long.fromNumber(1) }), 40414],
  ['a cursor id of another type', 'command/getMore', () => run({ getMore: 'x', collection: 'y' }), 14],
  ['a negative batchSize', 'command/getMore', async () => more(await find({ batchSize: 1 }), { batchSize: -1 }), 51024],
  [
    'maxTimeMS of a plain cursor',
    'command/getMore',
    async () => more(await find({ batchSize: 1 }), { maxTimeMS: 5 }),
    2,
  ],
  [
    'an unknown field of getMore',
    'command/getMore',
    async () => more(await find({ batchSize: 1 }), { bogus: 1 }),
    40415,
  ],
  ['a negative batchSize of find', 'command/find', () => find({ batchSize: -1 }), 51024],
  ['a negative limit', 'command/find', () => find({ limit: -1 }), 51024],
  ['a negative skip', 'command/find', () => find({ skip: -1 }), 51024],
  ['a filter that is no document', 'command/find', () => find({ filter: 1 }), 14],
  ['a sort that is no document', 'command/find', () => find({ sort: 'n' }), 14],
  ['a limit that is no number', 'command/find', () => find({ limit: 'x' }), 14],
  ['an unknown field of find', 'command/find', () => find({ bogus: 1 }), 40415],
  ['tailable on a plain collection', 'core/tailable-cursors', () => find({ tailable: true }), 2],
  ['awaitData without tailable', 'command/find', () => find({ awaitData: true }), 9],
  ['a pipeline without cursor', 'command/aggregate', () => run({ aggregate: 'x', pipeline: [] }), 9],
  ['a pipeline that is no list', 'command/aggregate', () => run({ aggregate: 'x', pipeline: 1, cursor: {} }), 14],
  ['a hint that names no index', 'command/find', () => find({ hint: 'nothing' }), 2],
  ['a hint of keys that no index has', 'command/find', () => find({ hint: { even: 1 } }), 2],
];

async function finished(): Promise<Batch> {
  const opened = await find({ batchSize: 249 });
  await more(opened, { batchSize: 10 });
  return opened;
}

describe('what fails', () => {
  test.each(failures)('%s (%s)', async (_says, _source, fail, code) => {
    expect(await codeOf(fail())).toBe(code);
  });
});

describe('closing (command/killCursors)', () => {
  test('tells which cursors were there', async () => {
    const { id } = await find({ batchSize: 1 });
    const unknown = Long.fromNumber(987654321);
    const reply = await run({ killCursors: rows.collectionName, cursors: [Long.fromValue(id), unknown] });
    expect([reply['cursorsKilled'], reply['cursorsNotFound']].map(String)).toEqual([String(id), String(unknown)]);
    expect([reply['cursorsAlive'], reply['cursorsUnknown']]).toEqual([[], []]);
    expect(await codeOf(more({ id, ns: '' }))).toBe(43);
  });

  test('is what a driver does with a cursor it leaves', async () => {
    const cursor = rows.find({}, { batchSize: 1, session });
    await cursor.next();
    const { id } = cursor;
    await cursor.close();
    expect(await codeOf(more({ id: id ?? 0, ns: '' }))).toBe(43);
  });

  test('ids that are no longs are 14', async () => {
    expect(await codeOf(run({ killCursors: rows.collectionName, cursors: ['x'] }))).toBe(14);
  });

  test('a dropped collection ends its cursors (175)', async () => {
    const others = await plainRows(target, [{ n: 1 }, { n: 2 }]);
    const opened = await cursorOf({ find: others.collectionName, batchSize: 1 });
    await others.drop();
    expect(await codeOf(more(opened, { collection: others.collectionName }))).toBe(175);
  });
});
