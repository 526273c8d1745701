import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, Double, exact, filled, openTarget, type Row, type Rows, type Target } from './target.js';

const { MongoBulkWriteError, MongoServerError } = mongoose.mongo;

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** What a promise fails with. */
async function failure(operation: Promise<unknown>): Promise<unknown> {
  return operation.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function uniqueOn(path: string, docs: Row[], options: object = {}): Promise<Rows> {
  const rows = await filled(target, docs);
  await rows.createIndex({ [path]: 1 }, { unique: true, ...options });
  return rows;
}

describe('unique indexes (core/index-unique)', () => {
  test('a duplicate fails with 11000, the pattern and the value', async () => {
    const rows = await uniqueOn('a', [{ a: 1 }]);
    const error = await failure(rows.insertOne({ _id: 9, a: 1 }));
    expect(error).toBeInstanceOf(MongoServerError);
    const { code, keyPattern, keyValue, message } = error as InstanceType<typeof MongoServerError> & Row;
    expect(exact({ code, keyPattern, keyValue })).toBe(
      exact({ code: 11000, keyPattern: { a: 1 }, keyValue: { a: 1 } }),
    );
    expect(message).toMatch(/^E11000 duplicate key error collection: \S+ index: a_1 dup key: \{ a: 1 \}/);
  });

  test.each<[string, Row, Row, number | undefined]>([
    ['equal numbers of different types collide', { a: 1 }, { a: new Double(1) }, 11000],
    ['null and missing collide', { a: null }, {}, 11000],
    ['an element collides with a scalar', { a: [1, 2] }, { a: 2 }, 11000],
    ['different types do not collide', { a: 1 }, { a: '1' }, undefined],
    ['documents with another order do not collide', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, undefined],
  ])('%s', async (_says, first, second, code) => {
    const rows = await uniqueOn('a', [first]);
    expect(await codeOf(rows.insertOne({ _id: 9, ...second }))).toBe(code);
  });

  test('a document may repeat its own element', async () => {
    const rows = await uniqueOn('a', []);
    expect(await codeOf(rows.insertOne({ _id: 1, a: [1, 1] }))).toBeUndefined();
  });

  test('sparse leaves out what has no such field', async () => {
    const rows = await uniqueOn('a', [{}, {}], { sparse: true });
    expect(await codeOf(rows.insertOne({ _id: 9, a: null }))).toBeUndefined();
    expect(await codeOf(rows.insertOne({ _id: 10, a: null }))).toBe(11000);
  });

  test('partial leaves out what does not match', async () => {
    const rows = await uniqueOn('a', [{ a: 1 }, { a: 1 }], { partialFilterExpression: { on: true } });
    expect(await codeOf(rows.insertOne({ _id: 9, a: 1, on: true }))).toBeUndefined();
    expect(await codeOf(rows.insertOne({ _id: 10, a: 1, on: true }))).toBe(11000);
    expect(await codeOf(rows.updateOne({ _id: 1 }, { $set: { on: true } }))).toBe(11000);
  });

  test('a compound key is unique as a whole', async () => {
    const rows = await filled(target, [{ a: 1, b: 1 }]);
    await rows.createIndex({ a: 1, b: -1 }, { unique: true });
    expect(await codeOf(rows.insertOne({ _id: 9, a: 1, b: 2 }))).toBeUndefined();
    expect(await codeOf(rows.insertOne({ _id: 10, a: 1, b: 1 }))).toBe(11000);
  });

  test('an update into a duplicate fails and changes nothing', async () => {
    const rows = await uniqueOn('a', [{ a: 1 }, { a: 2 }]);
    expect(await codeOf(rows.updateOne({ _id: 2 }, { $set: { a: 1 } }))).toBe(11000);
    expect(exact(await rows.findOne({ _id: 2 }))).toBe(exact({ _id: 2, a: 2 }));
  });

  test('two arrays in one compound index are refused with 171', async () => {
    const rows = await filled(target, []);
    await rows.createIndex({ a: 1, b: 1 });
    expect(await codeOf(rows.insertOne({ _id: 1, a: [1], b: [1] }))).toBe(171);
  });

  test('100 upserts of one key at once make one document', async () => {
    const rows = await uniqueOn('key', []);
    const upsert = async (): Promise<number> => {
      const code = await codeOf(rows.updateOne({ key: 'k' }, { $inc: { n: 1 } } as object, { upsert: true }));
      return code === 11000 ? upsert() : 1;
    };
    await Promise.all(Array.from({ length: 100 }, upsert));
    expect(exact(await rows.find({}, { projection: { _id: 0 } }).toArray())).toBe(exact([{ key: 'k', n: 100 }]));
  });
});

describe('bulk writes (method/db.collection.bulkWrite)', () => {
  test('ordered stops at the first error', async () => {
    const rows = await uniqueOn('a', []);
    const error = await failure(
      rows.insertMany([
        { _id: 1, a: 1 },
        { _id: 2, a: 1 },
        { _id: 3, a: 2 },
      ]),
    );
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    expect(Number(await rows.countDocuments())).toBe(1);
  });

  test('unordered goes on and names each failure', async () => {
    const rows = await uniqueOn('a', []);
    const docs = [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 2 },
      { _id: 3, a: 3 },
    ];
    const error = await failure(rows.insertMany(docs, { ordered: false }));
    const { writeErrors } = error as InstanceType<typeof MongoBulkWriteError>;
    expect([writeErrors].flat().map(({ index, code }) => [index, Number(code)])).toEqual([
      [1, 11000],
      [3, 11000],
    ]);
    expect(Number(await rows.countDocuments())).toBe(2);
  });

  test('mixes inserts, updates, upserts and deletes', async () => {
    const rows = await filled(target, [{ n: 1 }, { n: 2 }]);
    const result = await rows.bulkWrite([
      { insertOne: { document: { _id: 5, n: 5 } } },
      { updateMany: { filter: { n: { $lt: 5 } }, update: { $set: { small: true } } } },
      { updateOne: { filter: { _id: 9 }, update: { $set: { n: 9 } }, upsert: true } },
      { replaceOne: { filter: { _id: 5 }, replacement: { z: 1 } } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    const { insertedCount, matchedCount, upsertedCount, deletedCount } = result;
    expect([insertedCount, matchedCount, upsertedCount, deletedCount].map(Number)).toEqual([1, 3, 1, 1]);
    expect((await rows.find().sort({ _id: 1 }).toArray()).map(exact)).toEqual(
      [
        { _id: 1, n: 1, small: true },
        { _id: 5, z: 1 },
        { _id: 9, n: 9 },
      ].map(exact),
    );
  });
});

describe('many documents', () => {
  test('updateMany counts what it matched and what it modified', async () => {
    const rows = await filled(target, [{ a: 1 }, { a: 1, b: 2 }, { a: 2 }]);
    const result = await rows.updateMany({ a: 1 }, { $set: { b: 2 } });
    expect([Number(result.matchedCount), Number(result.modifiedCount)]).toEqual([2, 1]);
  });

  test('deleteMany and deleteOne', async () => {
    const rows = await filled(target, [{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect(Number((await rows.deleteOne({ a: 1 })).deletedCount)).toBe(1);
    expect(Number((await rows.deleteMany({})).deletedCount)).toBe(2);
  });

  test('a replacement cannot be for many', async () => {
    const rows = await filled(target, [{ a: 1 }]);
    const update = { update: rows.collectionName, updates: [{ q: {}, u: { b: 1 }, multi: true }] };
    const reply = await target.client
      .db(rows.dbName)
      .command(update)
      .catch((error: unknown) => error as Row);
    const failed = [reply['writeErrors']].flat()[0] ?? reply;
    expect(Number((failed as Row)['code'])).toBe(9);
  });
});

describe('findOneAnd... (command/findAndModify)', () => {
  test('gives the document before or after', async () => {
    const rows = await filled(target, [{ n: 1 }]);
    const increment = { $inc: { n: 1 } } as object;
    expect(exact(await rows.findOneAndUpdate({ _id: 1 }, increment))).toBe(exact({ _id: 1, n: 1 }));
    const after = await rows.findOneAndUpdate({ _id: 1 }, increment, { returnDocument: 'after' });
    expect(exact(after)).toBe(exact({ _id: 1, n: 3 }));
  });

  test('takes the first by its sort, with a projection', async () => {
    const rows = await filled(target, [{ n: 3 }, { n: 1 }, { n: 2 }]);
    const options = { sort: { n: 1 }, projection: { _id: 1 } } as const;
    expect(exact(await rows.findOneAndUpdate({}, { $set: { done: true } }, options))).toBe(exact({ _id: 2 }));
    expect(exact(await rows.findOneAndDelete({}, { sort: { n: -1 } }))).toBe(exact({ _id: 1, n: 3 }));
  });

  test('gives null for nothing found, and for an upsert the new document when asked', async () => {
    const rows = await filled(target, []);
    expect(await rows.findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } })).toBeNull();
    expect(await rows.findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } }, { upsert: true })).toBeNull();
    const after = await rows.findOneAndReplace({ _id: 2 }, { b: 1 }, { upsert: true, returnDocument: 'after' });
    expect(exact(after)).toBe(exact({ _id: 2, b: 1 }));
  });

  test('applies array filters and pipelines', async () => {
    const rows = await filled(target, [
      {
        p: [
          { id: 'x', s: 0 },
          { id: 'y', s: 0 },
        ],
      },
    ]);
    const updated = await rows.findOneAndUpdate(
      {},
      { $set: { 'p.$[n].s': 1 } },
      { arrayFilters: [{ 'n.id': 'y' }], returnDocument: 'after' },
    );
    expect(exact(updated?.['p'])).toBe(
      exact([
        { id: 'x', s: 0 },
        { id: 'y', s: 1 },
      ]),
    );
    const piped = await rows.findOneAndUpdate({}, [{ $set: { n: { $size: '$p' } } }], { returnDocument: 'after' });
    expect(exact(piped?.['n'])).toBe(exact(2));
  });
});

describe('documents that are refused', () => {
  test.each<[string, Row, number]>([
    ['an array as _id', { _id: [1] }, 2],
    ['a regular expression as _id', { _id: /x/ }, 2],
  ])('%s', async (_says, doc, code) => {
    expect(await codeOf(target.fresh().insertOne(doc as { _id: number }))).toBe(code);
  });
});

describe('counting (command/count)', () => {
  test('counts by filter, skip and limit', async () => {
    const rows = await filled(target, [{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect(Number(await rows.countDocuments({ a: 1 }))).toBe(2);
    expect(Number(await rows.countDocuments({}, { skip: 1, limit: 5 }))).toBe(2);
    expect(Number(await rows.estimatedDocumentCount())).toBe(3);
    expect(Number(await target.fresh().countDocuments())).toBe(0);
  });
});
