import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOf, exact, filled, Long, openTarget, type Row, type Target } from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** [what is wrong, document before, update, code, array filters]. */
type RefusedRow = [says: string, before: Row, update: Row | Row[], code: number, arrayFilters?: Row[]];

const refused: RefusedRow[] = [
  ['an unknown modifier', {}, { $foo: { a: 1 } }, 9],
  ['a modifier without fields', {}, { $set: 5 }, 9],
  ['two operators on one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path and its parent', {}, { $set: { a: 1, 'a.b': 1 } }, 40],
  ['$inc by text', { a: 1 }, { $inc: { a: 'x' } }, 14],
  ['$inc of text', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc of null', { a: null }, { $inc: { a: 1 } }, 14],
  ['$mul of text', { a: 'x' }, { $mul: { a: 1 } }, 14],
  ['an int64 overflow', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ['a path through a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['a path through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
  ['a name below an array', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
  ['another _id', {}, { $set: { _id: 2 } }, 66],
  ['removing _id', {}, { $unset: { _id: '' } }, 66],
  ['$push to a number', { a: 1 }, { $push: { a: 1 } }, 2],
  ['$push with an unknown clause', {}, { $push: { a: { $each: [1], $foo: 1 } } }, 2],
  ['$each of no array', {}, { $push: { a: { $each: 1 } } }, 2],
  ['$slice of text', {}, { $push: { a: { $each: [1], $slice: 'x' } } }, 2],
  ['$addToSet to a number', { a: 1 }, { $addToSet: { a: 1 } }, 2],
  ['$addToSet $each of no array', {}, { $addToSet: { a: { $each: 1 } } }, 14],
  ['$pull from a number', { a: 1 }, { $pull: { a: 1 } }, 2],
  ['$pullAll of no array', { a: [1] }, { $pullAll: { a: 1 } }, 2],
  ['$pop by 2', { a: [1] }, { $pop: { a: 2 } }, 9],
  ['$pop of a number', { a: 1 }, { $pop: { a: 1 } }, 14],
  ['$rename to no text', { a: 1 }, { $rename: { a: 1 } }, 2],
  ['$rename onto itself', { a: 1 }, { $rename: { a: 'a' } }, 2],
  ['$rename through an array', { a: [{ b: 1 }] }, { $rename: { 'a.b': 'c' } }, 2],
  ['$bit of null', { a: null }, { $bit: { a: { and: 1 } } }, 2],
  ['$bit of a double', { a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
  ['$bit with an unknown operation', { a: 1 }, { $bit: { a: { nand: 1 } } }, 2],
  ['$currentDate of an unknown type', {}, { $currentDate: { a: { $type: 'x' } } }, 2],
  ['an empty path', {}, { $set: { '': 1 } }, 56],
  ['an empty part of a path', {}, { $set: { 'a..b': 1 } }, 56],
  ['a $-name at the top level', {}, { $set: { $x: 1 } }, 52],
  ['an identifier without filter', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
  ['a filter without use', { a: [1] }, { $set: { a: 1 } }, 9, [{ e: 1 }]],
  ['a filter with two identifiers', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 9, [{ e: 1, f: 1 }]],
  ['two filters of one identifier', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 9, [{ e: 1 }, { e: 2 }]],
  ['an identifier with a capital', { a: [1] }, { $set: { 'a.$[E]': 1 } }, 2, [{ E: 1 }]],
  ['$expr in an array filter', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 224, [{ e: 1, $expr: true }]],
  ['$[] without an array', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
  ['$[] on a missing field', {}, { $set: { 'a.$[]': 1 } }, 2],
  ['$[] and an identifier on one element', { a: [1] }, { $set: { 'a.$[]': 1, 'a.$[e]': 2 } }, 40, [{ e: 1 }]],
  ['a stage that is not for updates', {}, [{ $match: { a: 1 } }], 72],
  ['filters with a pipeline', {}, [{ $set: { a: 1 } }], 9, [{ e: 1 }]],
  ['a pipeline that is no document', {}, [{ $replaceWith: 1 }], 40228],
];

describe('refused updates', () => {
  test.each(refused)('%s', async (_says, before, update, code, arrayFilters = []) => {
    const rows = await filled(target, [{ _id: 1, ...before }]);
    const options = arrayFilters.length === 0 ? {} : { arrayFilters };
    expect(await codeOf(rows.updateOne({ _id: 1 }, update as object, options as object))).toBe(code);
    expect(exact(await rows.findOne({ _id: 1 }))).toBe(exact({ _id: 1, ...before }));
  });
});

describe('time', () => {
  test('$currentDate sets the time of the server', async () => {
    const rows = await filled(target, [{ _id: 1 }]);
    const start = Date.now();
    await rows.updateOne({ _id: 1 }, { $currentDate: { at: true, stamp: { $type: 'timestamp' } } } as object);
    const doc = await rows.findOne({ _id: 1 });
    expect((doc?.['at'] as Date).getTime()).toBeGreaterThanOrEqual(start - 1000);
    expect(exact(doc?.['stamp'])).toContain('$timestamp');
  });
});

describe('replacement', () => {
  test('keeps _id and drops the rest', async () => {
    const rows = await filled(target, [{ _id: 1, a: 1, b: 2 }]);
    await rows.replaceOne({ _id: 1 }, { z: 1 });
    expect(exact(await rows.findOne())).toBe(exact({ _id: 1, z: 1 }));
  });

  test('refuses another _id', async () => {
    const rows = await filled(target, [{ _id: 1 }]);
    expect(await codeOf(rows.replaceOne({ _id: 1 }, { _id: 2, a: 1 }))).toBe(66);
  });
});

/** [what the source says, source, filter, update, document made]. */
type UpsertRow = [says: string, source: string, filter: Row, update: Row | Row[], made: Row];

const upserts: UpsertRow[] = [
  [
    'takes over equalities',
    'method/db.collection.updateOne#upsert',
    { _id: 1, a: 5, b: { $gt: 3 } },
    { $set: { c: 1 } },
    { _id: 1, a: 5, c: 1 },
  ],
  [
    'takes over $eq and $and',
    'method/db.collection.updateOne#upsert',
    { _id: 1, $and: [{ a: { $eq: 5 } }, { b: 2 }] },
    { $set: { c: 1 } },
    { _id: 1, a: 5, b: 2, c: 1 },
  ],
  [
    'builds documents from dotted paths',
    'method/db.collection.updateOne#upsert',
    { _id: 1, 'a.b': 5, 'a.c': 6 },
    { $set: { d: 1 } },
    { _id: 1, a: { b: 5, c: 6 }, d: 1 },
  ],
  [
    'takes over a single $or clause',
    'matcher: $or of one',
    { _id: 1, $or: [{ a: 1 }] },
    { $set: { d: 1 } },
    { _id: 1, a: 1, d: 1 },
  ],
  [
    'does not take over $in',
    'method/db.collection.updateOne#upsert',
    { _id: 1, a: { $in: [1, 2] } },
    { $set: { d: 1 } },
    { _id: 1, d: 1 },
  ],
  [
    'takes over $all of one value',
    'matcher: $all is equalities',
    { _id: 1, a: { $all: [1] } },
    { $set: { d: 1 } },
    { _id: 1, a: 1, d: 1 },
  ],
  [
    'applies $setOnInsert',
    'operator/update/setOnInsert',
    { _id: 1 },
    { $set: { a: 1 }, $setOnInsert: { b: 2 } },
    { _id: 1, a: 1, b: 2 },
  ],
  [
    'applies $inc and $push',
    'operator/update/inc',
    { _id: 1 },
    { $inc: { n: 3 }, $push: { l: 1 } },
    { _id: 1, l: [1], n: 3 },
  ],
  ['sets _id from the update', 'operator/update/setOnInsert', { a: 1 }, { $setOnInsert: { _id: 7 } }, { _id: 7, a: 1 }],
  [
    'works with a pipeline',
    'tutorial/update-documents-with-aggregation-pipeline',
    { _id: 1, a: 2 },
    [{ $set: { b: { $add: ['$a', 1] } } }],
    { _id: 1, a: 2, b: 3 },
  ],
];

describe('upserts', () => {
  test.each(upserts)('%s (%s)', async (_says, _source, filter, update, made) => {
    const rows = await filled(target, []);
    const result = await rows.updateOne(filter as object, update as object, { upsert: true });
    expect(exact(result.upsertedId)).toBe(exact(made['_id']));
    expect(exact(await rows.findOne())).toBe(exact(made));
  });

  test('a replacement takes over only _id', async () => {
    const rows = await filled(target, []);
    await rows.replaceOne({ _id: 1, a: 5 }, { b: 1 }, { upsert: true });
    expect(exact(await rows.findOne())).toBe(exact({ _id: 1, b: 1 }));
  });

  test.each([
    ['one path twice', { $and: [{ a: 1 }, { a: 2 }] }, 54],
    ['a path and its parent', { a: 1, 'a.b': 1 }, 54],
  ])('refuse %s in the filter', async (_says, filter, code) => {
    expect(await codeOf(target.fresh().updateOne(filter as object, { $set: { x: 1 } }, { upsert: true }))).toBe(code);
  });
});
