import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Decimal128, Double, exact, filled, Int32, Long, openTarget, type Row, type Target } from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

interface Options {
  arrayFilters?: Row[];
  /** How many documents count as modified; 1 when left out. */
  modified?: number;
}

/** [what the source says, manual page, document before, update, document after, options]. `_id` is 1 throughout. */
type UpdateRow = [says: string, source: string, before: Row, update: Row | Row[], after: Row, options?: Options];

const noChange: Options = { modified: 0 };

const fields: UpdateRow[] = [
  ['$set replaces a value in place', 'operator/update/set', { a: 1, b: 2 }, { $set: { a: 5 } }, { a: 5, b: 2 }],
  [
    '$set appends new fields by name',
    'operator/update/set',
    { x: 1 },
    { $set: { c: 1, a: 2, b: 3 } },
    { x: 1, a: 2, b: 3, c: 1 },
  ],
  ['numeric names are in numeric order', 'operator/update', {}, { $set: { 10: 'x', 9: 'y' } }, { 9: 'y', 10: 'x' }],
  ['$set makes missing parents', 'operator/update/set', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  ['$set of an element', 'operator/update/set', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
  [
    '$set beyond the end fills with null',
    'operator/update/set',
    { a: [1] },
    { $set: { 'a.3': 4 } },
    { a: [1, null, null, 4] },
  ],
  [
    'a number under a missing parent is a field name',
    'operator/update/set',
    {},
    { $set: { 'a.0': 1 } },
    { a: { 0: 1 } },
  ],
  [
    '$set to the same value modifies nothing',
    'method/db.collection.updateOne',
    { a: 1 },
    { $set: { a: 1 } },
    { a: 1 },
    noChange,
  ],
  [
    '$set to another numeric type does modify',
    'method/db.collection.updateOne',
    { a: 1 },
    { $set: { a: new Double(1) } },
    { a: new Double(1) },
  ],
  ['$set of nothing is allowed', 'operator/update/set', { a: 1 }, { $set: {} }, { a: 1 }, noChange],
  [
    '$set keeps the order inside a new document',
    'operator/update/set',
    {},
    { $set: { a: { z: 1, y: 2 } } },
    { a: { z: 1, y: 2 } },
  ],
  ['$unset removes', 'operator/update/unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  [
    '$unset of a missing field does nothing',
    'operator/update/unset',
    { a: 1 },
    { $unset: { 'b.c': '' } },
    { a: 1 },
    noChange,
  ],
  [
    '$unset of an element leaves null',
    'operator/update/unset',
    { a: [1, 2, 3] },
    { $unset: { 'a.1': '' } },
    { a: [1, null, 3] },
  ],
  [
    '$unset reaches into documents',
    'operator/update/unset',
    { a: { b: 1, c: 2 } },
    { $unset: { 'a.b': '' } },
    { a: { c: 2 } },
  ],
  [
    '$rename moves a value to the end',
    'operator/update/rename',
    { a: 1, b: 2 },
    { $rename: { a: 'c' } },
    { b: 2, c: 1 },
  ],
  [
    '$rename onto a field replaces it',
    'operator/update/rename',
    { a: 1, b: 2, c: 3 },
    { $rename: { a: 'b' } },
    { b: 1, c: 3 },
  ],
  [
    '$rename into another document',
    'operator/update/rename',
    { a: { b: 1 }, c: {} },
    { $rename: { 'a.b': 'c.d' } },
    { a: {}, c: { d: 1 } },
  ],
  [
    '$rename of a missing field does nothing',
    'operator/update/rename',
    { a: 1 },
    { $rename: { x: 'y' } },
    { a: 1 },
    noChange,
  ],
  [
    '$setOnInsert does nothing on update',
    'operator/update/setOnInsert',
    { a: 1 },
    { $setOnInsert: { b: 1 } },
    { a: 1 },
    noChange,
  ],
  ['$min lowers', 'operator/update/min', { a: 5 }, { $min: { a: 3 } }, { a: 3 }],
  ['$min keeps the smaller', 'operator/update/min', { a: 5 }, { $min: { a: 7 } }, { a: 5 }, noChange],
  ['$min compares across types', 'operator/update/min', { a: 'x' }, { $min: { a: 7 } }, { a: 7 }],
  ['$max raises', 'operator/update/max', { a: new Date(5) }, { $max: { a: new Date(9) } }, { a: new Date(9) }],
  ['$max sets a missing field', 'operator/update/max', {}, { $max: { a: 1 } }, { a: 1 }],
  [
    '$max of an equal number of another type keeps the old',
    'operator/update/max',
    { a: 1 },
    { $max: { a: new Double(1) } },
    { a: 1 },
    noChange,
  ],
];

const numbers: UpdateRow[] = [
  ['$inc adds', 'operator/update/inc', { a: 5 }, { $inc: { a: -2 } }, { a: 3 }],
  ['$inc sets a missing field', 'operator/update/inc', {}, { $inc: { a: 2 } }, { a: 2 }],
  ['$inc in a missing document', 'operator/update/inc', {}, { $inc: { 'a.b': 2 } }, { a: { b: 2 } }],
  [
    'int32 beyond its range becomes int64',
    'operator/update/inc',
    { a: 2147483647 },
    { $inc: { a: 1 } },
    { a: Long.fromString('2147483648') },
  ],
  [
    'int32 and int64 give int64',
    'operator/update/inc',
    { a: new Int32(1) },
    { $inc: { a: Long.fromNumber(1) } },
    { a: Long.fromNumber(2) },
  ],
  ['a double stays a double', 'operator/update/inc', { a: new Double(1) }, { $inc: { a: 1 } }, { a: new Double(2) }],
  [
    'decimals are exact',
    'operator/update/inc',
    { a: Decimal128.fromString('0.1') },
    { $inc: { a: Decimal128.fromString('0.2') } },
    { a: Decimal128.fromString('0.3') },
  ],
  ['$inc by zero modifies nothing', 'operator/update/inc', { a: 1 }, { $inc: { a: 0 } }, { a: 1 }, noChange],
  [
    '$inc in an element',
    'operator/update/inc',
    { a: [{ n: 1 }, { n: 2 }] },
    { $inc: { 'a.1.n': 5 } },
    { a: [{ n: 1 }, { n: 7 }] },
  ],
  ['$mul multiplies', 'operator/update/mul', { a: 3 }, { $mul: { a: 4 } }, { a: 12 }],
  ['$mul of a missing field is zero', 'operator/update/mul', {}, { $mul: { a: 4 } }, { a: 0 }],
  [
    '$mul of a missing field has the type of the factor',
    'operator/update/mul',
    {},
    { $mul: { a: Long.fromNumber(4) } },
    { a: Long.fromNumber(0) },
  ],
  ['$mul int32 by double', 'operator/update/mul', { a: 3 }, { $mul: { a: 1.5 } }, { a: 4.5 }],
  ['$bit and', 'operator/update/bit', { a: 13 }, { $bit: { a: { and: 10 } } }, { a: 8 }],
  ['$bit or', 'operator/update/bit', { a: 3 }, { $bit: { a: { or: 5 } } }, { a: 7 }],
  ['$bit xor', 'operator/update/bit', { a: 1 }, { $bit: { a: { xor: 5 } } }, { a: 4 }],
  [
    '$bit with int64',
    'operator/update/bit',
    { a: 1 },
    { $bit: { a: { or: Long.fromNumber(2) } } },
    { a: Long.fromNumber(3) },
  ],
];

const arrays: UpdateRow[] = [
  ['$push appends', 'operator/update/push', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
  ['$push makes the array', 'operator/update/push', {}, { $push: { a: 2 } }, { a: [2] }],
  [
    '$push of an array is one element',
    'operator/update/push',
    { a: [1] },
    { $push: { a: [2, 3] } },
    { a: [1, [2, 3]] },
  ],
  ['$each appends several', 'operator/update/each', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  [
    '$each of nothing modifies nothing',
    'operator/update/each',
    { a: [1] },
    { $push: { a: { $each: [] } } },
    { a: [1] },
    noChange,
  ],
  ['$each of nothing makes the array', 'operator/update/each', {}, { $push: { a: { $each: [] } } }, { a: [] }],
  [
    '$position inserts',
    'operator/update/position',
    { a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { a: [1, 2, 3, 4] },
  ],
  [
    '$position counts from the end',
    'operator/update/position',
    { a: [1, 2, 3] },
    { $push: { a: { $each: [9], $position: -2 } } },
    { a: [1, 9, 2, 3] },
  ],
  [
    '$position beyond the end appends',
    'operator/update/position',
    { a: [1] },
    { $push: { a: { $each: [2], $position: 20 } } },
    { a: [1, 2] },
  ],
  [
    '$slice keeps the last',
    'operator/update/slice',
    { a: [1, 2, 3] },
    { $push: { a: { $each: [4, 5], $slice: -2 } } },
    { a: [4, 5] },
  ],
  [
    '$slice keeps the first',
    'operator/update/slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: 2 } } },
    { a: [1, 2] },
    noChange,
  ],
  ['$slice 0 empties', 'operator/update/slice', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] }],
  [
    '$sort orders elements',
    'operator/update/sort',
    { a: [3, 1] },
    { $push: { a: { $each: [2], $sort: 1 } } },
    { a: [1, 2, 3] },
  ],
  [
    '$sort by a field',
    'operator/update/sort',
    { a: [{ n: 3 }, { n: 1 }] },
    { $push: { a: { $each: [{ n: 2 }], $sort: { n: -1 } } } },
    { a: [{ n: 3 }, { n: 2 }, { n: 1 }] },
  ],
  [
    '$sort comes before $slice',
    'operator/update/push',
    { a: [5, 1] },
    { $push: { a: { $each: [3], $slice: 2, $sort: -1 } } },
    { a: [5, 3] },
  ],
  ['$addToSet adds what is new', 'operator/update/addToSet', { a: [1] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
  [
    '$addToSet keeps what is there',
    'operator/update/addToSet',
    { a: [1, 2] },
    { $addToSet: { a: 2 } },
    { a: [1, 2] },
    noChange,
  ],
  [
    '$addToSet compares numbers across types',
    'operator/update/addToSet',
    { a: [1] },
    { $addToSet: { a: new Double(1) } },
    { a: [1] },
    noChange,
  ],
  [
    '$addToSet compares documents with their order',
    'operator/update/addToSet',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  [
    '$addToSet with $each',
    'operator/update/addToSet',
    { a: [1] },
    { $addToSet: { a: { $each: [1, 2, 2, 3] } } },
    { a: [1, 2, 3] },
  ],
  ['$addToSet makes the array', 'operator/update/addToSet', {}, { $addToSet: { a: 1 } }, { a: [1] }],
  ['$pull removes equal elements', 'operator/update/pull', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull by condition', 'operator/update/pull', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [
    '$pull of documents takes a filter',
    'operator/update/pull',
    { a: [{ x: 1, y: 1 }, { x: 1, y: 2 }, { x: 2 }] },
    { $pull: { a: { x: 1 } } },
    { a: [{ x: 2 }] },
  ],
  [
    '$pull of documents by operators',
    'operator/update/pull',
    { a: [{ n: 1 }, { n: 8 }] },
    { $pull: { a: { n: { $gt: 5 } } } },
    { a: [{ n: 1 }] },
  ],
  ['$pull by $in', 'operator/update/pull', { a: ['x', 'y', 'z'] }, { $pull: { a: { $in: ['x', 'z'] } } }, { a: ['y'] }],
  [
    '$pull of documents by $or',
    'operator/update/pull; server: a condition that begins with a logical operator is a filter',
    { a: [{ x: 1 }, { x: 2, y: 9 }, { x: 3 }, 1] },
    { $pull: { a: { $or: [{ x: 1 }, { y: { $gt: 5 } }] } } },
    { a: [{ x: 3 }, 1] },
  ],
  [
    '$pull of documents by $and',
    'operator/update/pull; server: a condition that begins with a logical operator is a filter',
    {
      a: [
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ],
    },
    { $pull: { a: { $and: [{ x: 1 }, { y: 2 }] } } },
    { a: [{ x: 1, y: 1 }] },
  ],
  [
    '$pull of documents by $nor',
    'operator/update/pull; server: a condition that begins with a logical operator is a filter',
    { a: [{ x: 1 }, { x: 2 }, 7] },
    { $pull: { a: { $nor: [{ x: 1 }] } } },
    { a: [{ x: 1 }, 7] },
  ],
  [
    '$pull by regular expression',
    'operator/update/pull',
    { a: ['ab', 'cd', 1] },
    { $pull: { a: /^a/ } },
    { a: ['cd', 1] },
  ],
  [
    '$pull of a whole array',
    'operator/update/pull',
    {
      a: [
        [1, 2],
        [2, 1],
      ],
    },
    { $pull: { a: [1, 2] } },
    { a: [[2, 1]] },
  ],
  [
    '$pull below $elemMatch',
    'operator/update/pull',
    { a: [{ q: [{ n: 1 }] }, { q: [{ n: 9 }] }] },
    { $pull: { a: { q: { $elemMatch: { n: 9 } } } } },
    { a: [{ q: [{ n: 1 }] }] },
  ],
  [
    '$pull from a missing field does nothing',
    'operator/update/pull',
    { b: 1 },
    { $pull: { a: 1 } },
    { b: 1 },
    noChange,
  ],
  ['$pullAll', 'operator/update/pullAll', { a: [0, 2, 5, 5, 1, 0] }, { $pullAll: { a: [0, 5] } }, { a: [2, 1] }],
  ['$pop takes the last', 'operator/update/pop', { a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
  ['$pop takes the first', 'operator/update/pop', { a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
  ['$pop of an empty array does nothing', 'operator/update/pop', { a: [] }, { $pop: { a: 1 } }, { a: [] }, noChange],
];

const n = (...states: [string, string?][]) => states.map(([id, state]) => (state ? { id, state } : { id }));
const filtered: UpdateRow[] = [
  ['$[] is every element', 'operator/update/positional-all', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
  [
    '$[] of documents',
    'operator/update/positional-all',
    { a: n(['x'], ['y']) },
    { $set: { 'a.$[].state': 's' } },
    { a: n(['x', 's'], ['y', 's']) },
  ],
  [
    '$[identifier] is what the filter matches',
    'operator/update/positional-filtered',
    { a: [1, 5, 9] },
    { $set: { 'a.$[e]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ e: { $gte: 5 } }] },
  ],
  [
    '$[identifier] by a field',
    'operator/update/positional-filtered',
    { p: n(['x', 'queued'], ['y', 'sent']) },
    { $set: { 'p.$[n].state': 'failed' } },
    { p: n(['x', 'failed'], ['y', 'sent']) },
    { arrayFilters: [{ 'n.id': 'x' }] },
  ],
  [
    'filters see the elements as they were',
    'operator/update/positional-filtered',
    { p: [{ s: 1, t: 0 }] },
    { $set: { 'p.$[n].s': 2, 'p.$[n].t': 1 } },
    { p: [{ s: 2, t: 1 }] },
    { arrayFilters: [{ 'n.s': 1 }] },
  ],
  [
    'nested identifiers',
    'operator/update/positional-filtered',
    {
      a: [
        { k: 1, b: [1, 2] },
        { k: 2, b: [1, 2] },
      ],
    },
    { $set: { 'a.$[i].b.$[j]': 0 } },
    {
      a: [
        { k: 1, b: [1, 2] },
        { k: 2, b: [1, 0] },
      ],
    },
    { arrayFilters: [{ 'i.k': 2 }, { j: 2 }] },
  ],
  [
    '$[] and an identifier',
    'operator/update/positional-all',
    { a: [{ b: [1, 2] }, { b: [2] }] },
    { $inc: { 'a.$[].b.$[j]': 5 } },
    { a: [{ b: [1, 7] }, { b: [7] }] },
    { arrayFilters: [{ j: 2 }] },
  ],
  [
    'no element matches',
    'operator/update/positional-filtered',
    { a: [1] },
    { $set: { 'a.$[e]': 0 } },
    { a: [1] },
    { arrayFilters: [{ e: 7 }], modified: 0 },
  ],
  [
    'an array filter with $or',
    'operator/update/positional-filtered',
    { a: [1, 2, 3] },
    { $set: { 'a.$[e]': 0 } },
    { a: [0, 2, 0] },
    { arrayFilters: [{ $or: [{ e: 1 }, { e: 3 }] }] },
  ],
  [
    '$unset through $[]',
    'operator/update/positional-all',
    { a: n(['x', 's']) },
    { $unset: { 'a.$[].state': '' } },
    { a: n(['x']) },
  ],
  [
    '$push through $[identifier]',
    'operator/update/positional-filtered',
    { a: [{ k: 1, l: [] }] },
    { $push: { 'a.$[e].l': 1 } },
    { a: [{ k: 1, l: [1] }] },
    { arrayFilters: [{ 'e.k': 1 }] },
  ],
];

const pipelines: UpdateRow[] = [
  [
    '$set computes from the document',
    'tutorial/update-documents-with-aggregation-pipeline',
    { a: 1, b: 2 },
    [{ $set: { c: { $add: ['$a', '$b'] } } }],
    { a: 1, b: 2, c: 3 },
  ],
  [
    'stages follow each other',
    'tutorial/update-documents-with-aggregation-pipeline',
    { a: 1 },
    [{ $set: { b: '$a' } }, { $unset: 'a' }],
    { b: 1 },
  ],
  [
    '$cond in an update',
    'tutorial/update-documents-with-aggregation-pipeline',
    { a: 5 },
    [{ $set: { big: { $cond: [{ $gt: ['$a', 3] }, true, false] } } }],
    { a: 5, big: true },
  ],
  [
    '$replaceWith keeps _id',
    'tutorial/update-documents-with-aggregation-pipeline',
    { a: { b: 1 } },
    [{ $replaceWith: '$a' }],
    { b: 1 },
  ],
  [
    '$project keeps what it names',
    'tutorial/update-documents-with-aggregation-pipeline',
    { a: 1, b: 2 },
    [{ $project: { a: 1 } }],
    { a: 1 },
  ],
  ['a literal needs $literal', 'operator/aggregation/literal', {}, [{ $set: { a: { $literal: '$x' } } }], { a: '$x' }],
  [
    '$set of a missing value leaves the field out',
    'operator/aggregation/set',
    { a: 1 },
    [{ $set: { a: '$nothing', b: 1 } }],
    { b: 1 },
  ],
  [
    '$max and $min in a pipeline',
    'operator/aggregation/max',
    { a: 5, b: 9 },
    [{ $set: { a: { $max: ['$a', '$b'] } } }],
    { a: 9, b: 9 },
  ],
  [
    '$concatArrays in a pipeline',
    'operator/aggregation/concatArrays',
    { a: [1] },
    [{ $set: { a: { $concatArrays: ['$a', [2]] } } }],
    { a: [1, 2] },
  ],
];

describe('updates', () => {
  test.each([...fields, ...numbers, ...arrays, ...filtered, ...pipelines])(
    '%s (%s)',
    async (_says, _source, before, update, after, options = {}) => {
      const { modified = 1, ...rest } = options;
      const rows = await filled(target, [{ _id: 1, ...before }]);
      const result = await rows.updateOne({ _id: 1 }, update as object, rest as object);
      expect(exact(await rows.findOne({ _id: 1 }))).toBe(exact({ _id: 1, ...after }));
      expect([Number(result.matchedCount), Number(result.modifiedCount)]).toEqual([1, modified]);
    },
  );
});
