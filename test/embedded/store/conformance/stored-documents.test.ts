import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, exact, filled, openTarget, Timestamp, type Row, type Target } from './target.js';

const { BSON } = mongoose.mongo;

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** What is wrong with a command or with its first statement, as the server tells it; the driver would look first. */
async function problem(command: Row): Promise<[code: number, message: string] | undefined> {
  const reply = await target.db.command(command).catch((error: { errorResponse?: Row }) => error.errorResponse ?? {});
  const told = ([reply['writeErrors'] ?? []].flat() as Row[])[0] ?? reply;
  return told['code'] === undefined ? undefined : [Number(told['code']), String(told['errmsg'])];
}

describe('null as _id (core/document#the-_id-field: any type other than an array or a regular expression)', () => {
  const id = null as unknown as number;

  test.each<[string, Row]>([
    ['first', { _id: id, a: 1 }],
    ['not first', { a: 1, _id: id }],
  ])('is kept when it comes %s, and taken once', async (_says, doc) => {
    const rows = target.fresh();
    const insert = { insert: rows.collectionName, documents: [doc] };
    expect(await problem(insert)).toBeUndefined();
    expect(exact(await rows.find().toArray())).toBe(exact([{ _id: null, a: 1 }]));
    expect(await problem(insert)).toEqual([11000, expect.stringContaining('dup key: { _id: null }')]);
  });

  test.each<[string, (rows: ReturnType<Target['fresh']>) => Promise<unknown>]>([
    ['a filter', (rows) => rows.updateOne({ _id: id }, { $set: { a: 1 } }, { upsert: true })],
    ['$setOnInsert', (rows) => rows.updateOne({}, { $setOnInsert: { _id: id, a: 1 } }, { upsert: true })],
    ['a replacement', (rows) => rows.replaceOne({ x: 1 }, { a: 1, _id: id }, { upsert: true })],
  ])('is what an upsert takes from %s', async (_says, upsert) => {
    const rows = target.fresh();
    await upsert(rows);
    expect(exact(await rows.find().toArray())).toBe(exact([{ _id: null, a: 1 }]));
  });
});

describe('empty timestamps (reference/bson-types#timestamps)', () => {
  const empty = new Timestamp(0n);
  const isServerTime = (value: unknown): boolean =>
    value instanceof Timestamp && Math.abs(value.getHighBitsUnsigned() - Date.now() / 1000) < 3600;

  test('at the top level of an inserted document become the time of the server, each another', async () => {
    const rows = await filled(target, [{ ts: empty, other: empty, sub: { ts: empty }, list: [empty] }]);
    const doc = (await rows.findOne()) as unknown as Row;
    expect([isServerTime(doc['ts']), isServerTime(doc['other'])]).toEqual([true, true]);
    expect(exact(doc['ts'])).not.toBe(exact(doc['other']));
    expect(exact([doc['sub'], doc['list']])).toBe(exact([{ ts: empty }, [empty]]));
  });

  test('in _id are kept', async () => {
    const rows = await filled(target, [{ _id: empty }]);
    expect(exact(await rows.find().toArray())).toBe(exact([{ _id: empty }]));
  });

  test('of a replacement become the time of the server, upserted or not', async () => {
    const rows = await filled(target, [{ _id: 1 }]);
    for (const _id of [1, 2]) await rows.replaceOne({ _id }, { ts: empty }, { upsert: true });
    const found = (await rows.find().toArray()) as unknown as Row[];
    expect(found.map(({ ts }) => isServerTime(ts))).toEqual([true, true]);
  });

  test('that an operator or a pipeline sets are kept', async () => {
    const rows = await filled(target, [{ _id: 1 }, { _id: 2 }]);
    await rows.updateOne({ _id: 1 }, { $set: { ts: empty } });
    await rows.updateOne({ _id: 2 }, [{ $set: { ts: empty } }]);
    await rows.updateOne({ _id: 3 }, { $set: { ts: empty } }, { upsert: true });
    expect(exact(await rows.distinct('ts'))).toBe(exact([empty]));
  });

  test('$currentDate gives no timestamp twice (operator/update/currentDate)', async () => {
    const rows = await filled(target, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    await rows.updateMany({}, { $currentDate: { ts: { $type: 'timestamp' } } } as object);
    expect(await rows.distinct('ts')).toHaveLength(3);
  });
});

describe('names that begin with $ (core/dot-dollar-considerations/dollar-prefix)', () => {
  test.each<[string, Row]>([
    ['at the top level', { $price: 50, quantity: 30 }],
    ['of operators and of a DBRef', { $id: 'h1', location: { $db: 'novels', $ref: '2', $inc: true } }],
  ])('are inserted %s', async (_says, doc) => {
    const rows = await filled(target, [doc]);
    expect(exact(await rows.findOne())).toBe(exact({ _id: 1, ...doc }));
  });

  test('below the top level are found and changed by their path', async () => {
    const rows = await filled(target, [{ pricing: { $discount: 60 } }, { pricing: { $discount: 5 } }]);
    await rows.updateOne({ 'pricing.$discount': 60 }, { $inc: { 'pricing.$discount': 10 } } as object);
    await rows.updateOne({ _id: 2 }, { $set: { 'pricing.$street': 'Elm', sub: { $b: 1 } } });
    const changed = [
      { _id: 1, pricing: { $discount: 70 } },
      { _id: 2, pricing: { $discount: 5, $street: 'Elm' }, sub: { $b: 1 } },
    ];
    expect(exact(await rows.find().toArray())).toBe(exact(changed));
  });

  test.each<[string, Row, number]>([
    ['$set at the top level', { $set: { $hotel: 1 } }, 52],
    ['$inc at the top level', { $inc: { $bin: 1 } }, 52],
    ['$rename to the top level', { $rename: { a: '$b' } }, 52],
    ['a replacement at the top level', { a: 1, $c: 1 }, 52],
    ['a replacement that begins with one', { $c: 1, a: 1 }, 9],
    ['$set of $id at the top level', { $set: { $id: 1 } }, 55],
  ])('%s is refused in an update', async (_says, update, code) => {
    const before = { _id: 1, $bin: 200, a: 1 };
    const rows = await filled(target, [before]);
    const command = { update: rows.collectionName, updates: [{ q: { _id: 1 }, u: update }] };
    expect((await problem(command))?.[0]).toBe(code);
    expect(exact(await rows.findOne())).toBe(exact(before));
  });

  test('other fields of such a document are updated, and the name may be unset', async () => {
    const rows = await filled(target, [{ $bin: 200, quantity: 1 }]);
    await rows.updateOne({ _id: 1 }, { $inc: { quantity: 10 } } as object);
    expect(exact(await rows.findOne())).toBe(exact({ _id: 1, $bin: 200, quantity: 11 }));
    await rows.updateOne({ _id: 1 }, { $unset: { $bin: '' } } as object);
    expect(exact(await rows.findOne())).toBe(exact({ _id: 1, quantity: 11 }));
  });

  test('an upsert that inserts is an insert', async () => {
    const rows = target.fresh();
    await rows.updateOne({ _id: 1 }, { $set: { phone: 25, $hotel: 320 } }, { upsert: true });
    await rows.replaceOne({ _id: 2 }, { phone: 25, $hotel: 320 } as Row, { upsert: true });
    const made = [1, 2].map((_id) => ({ _id, phone: 25, $hotel: 320 }));
    expect((await rows.find().toArray()).map(sorted)).toEqual(made.map(sorted));
    expect(await codeOf(rows.updateOne({ _id: 1 }, { $set: { $hotel: 1 } }, { upsert: true }))).toBe(52);
  });

  /** The document with its fields in the order of their names, as text. */
  const sorted = (doc: Row): string =>
    exact(Object.fromEntries(Object.entries(doc).sort(([a], [b]) => (a < b ? -1 : 1))));

  test('are refused in _id', async () => {
    const bad = { a: 1, $b: 1 } as unknown as number;
    expect(await codeOf(target.fresh().insertOne({ _id: bad }))).toBe(52);
    const upsert = { $setOnInsert: { _id: bad } };
    expect(await codeOf(target.fresh().updateOne({ a: 1 }, upsert, { upsert: true }))).toBe(52);
  });

  test.each<[string, number | undefined]>([
    ['$a', 67],
    ['a.$b', 67],
    ['a.$id', undefined],
  ])('an index on %s', async (path, code) => {
    expect(await codeOf(target.fresh().createIndex({ [path]: 1 }))).toBe(code);
  });
});

describe('documents of more than 16 MB (reference/limits; jstests/core/max_doc_size)', () => {
  const limit = 16 * 1024 * 1024;
  const { ObjectId } = mongoose.mongo;

  /** A document with an ObjectId that has so many bytes. */
  function sized(bytes: number): Row {
    const doc = { _id: new ObjectId(), x: '' };
    return { ...doc, x: 'x'.repeat(bytes - BSON.calculateObjectSize(doc)) };
  }

  test('an insert of the limit is stored, of one byte more is 2', async () => {
    const rows = target.fresh();
    await target.db.command({ insert: rows.collectionName, documents: [sized(limit)] });
    expect(await problem({ insert: rows.collectionName, documents: [sized(limit + 1)] })).toEqual([
      2,
      'object to insert too large. size in bytes: 16777217, max size: 16777216',
    ]);
  });

  test('an update is 17419, an upsert 17420', async () => {
    const rows = await filled(target, [{ a: 1 }]);
    const u = { $set: { x: 'x'.repeat(limit) } };
    const update = rows.collectionName;
    expect(await problem({ update, updates: [{ q: { _id: 1 }, u }] })).toEqual([
      17419,
      expect.stringContaining('Resulting document after update is larger than 16777216'),
    ]);
    expect((await problem({ update, updates: [{ q: { _id: 2 }, u, upsert: true }] }))?.[0]).toBe(17420);
  });

  test('one that no message may hold is 10334', async () => {
    expect(await problem({ insert: 'large', documents: [sized(limit + 16 * 1024 + 1)] })).toEqual([
      10334,
      expect.stringContaining('is invalid. Size must be between 0 and 16793600(16MB)'),
    ]);
  });
});
