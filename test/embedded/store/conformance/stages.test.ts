import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOf, Double, exact, filled, Long, openTarget, type Row, type Target } from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** [what the source says, source, documents, pipeline, result]. */
type PipelineRow = [says: string, source: string, docs: Row[], pipeline: Row[], result: Row[]];

const sales: Row[] = [
  { item: 'a', qty: 2, price: 10 },
  { item: 'b', qty: 1, price: 20 },
  { item: 'a', qty: 5, price: 5 },
  { item: null, qty: 1, price: 1 },
];

const stages: PipelineRow[] = [
  [
    '$match, $sort, $limit, $skip',
    'operator/aggregation/match',
    sales,
    [
      { $match: { qty: { $lt: 5 } } },
      { $sort: { price: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { price: 1 } },
    ],
    [{ _id: 1, price: 10 }],
  ],
  [
    '$project keeps _id unless dropped',
    'operator/aggregation/project',
    [{ a: 1, b: 2 }],
    [{ $project: { a: 1 } }],
    [{ _id: 1, a: 1 }],
  ],
  ['$project drops', 'operator/aggregation/project', [{ a: 1, b: 2 }], [{ $project: { a: 0, _id: 0 } }], [{ b: 2 }]],
  [
    '$project computes',
    'operator/aggregation/project',
    [{ a: 1, b: 2 }],
    [{ $project: { _id: 0, sum: { $add: ['$a', '$b'] }, a: 1 } }],
    [{ a: 1, sum: 3 }],
  ],
  [
    '$project below arrays',
    'operator/aggregation/project',
    [{ a: [{ b: 1, c: 2 }, 5] }],
    [{ $project: { 'a.b': 1 } }],
    [{ _id: 1, a: [{ b: 1 }] }],
  ],
  [
    '$project with nested documents',
    'operator/aggregation/project',
    [{ a: { b: 1, c: 2 } }],
    [{ $project: { _id: 0, a: { b: 1 } } }],
    [{ a: { b: 1 } }],
  ],
  [
    '$$REMOVE leaves out',
    'aggregation-variables',
    [{ a: 1 }],
    [{ $project: { a: { $cond: [true, '$$REMOVE', 1] } } }],
    [{ _id: 1 }],
  ],
  [
    '$addFields adds and replaces in place',
    'operator/aggregation/addFields',
    [{ a: 1, b: 2 }],
    [{ $addFields: { a: 9, c: '$b' } }],
    [{ _id: 1, a: 9, b: 2, c: 2 }],
  ],
  [
    '$addFields in documents',
    'operator/aggregation/addFields',
    [{ a: { x: 1 } }],
    [{ $addFields: { 'a.y': 2 } }],
    [{ _id: 1, a: { x: 1, y: 2 } }],
  ],
  [
    '$addFields in every element',
    'operator/aggregation/addFields',
    [{ a: [{ x: 1 }, 3] }],
    [{ $addFields: { 'a.y': 2 } }],
    [{ _id: 1, a: [{ x: 1, y: 2 }, { y: 2 }] }],
  ],
  [
    '$unset',
    'operator/aggregation/unset',
    [{ a: 1, b: { c: 1, d: 2 } }],
    [{ $unset: ['a', 'b.c'] }],
    [{ _id: 1, b: { d: 2 } }],
  ],
  [
    '$replaceRoot',
    'operator/aggregation/replaceRoot',
    [{ a: { b: 1 } }],
    [{ $replaceRoot: { newRoot: '$a' } }],
    [{ b: 1 }],
  ],
  [
    '$unwind',
    'operator/aggregation/unwind',
    [{ a: [1, 2] }, { a: [] }, { a: 3 }, {}],
    [{ $unwind: '$a' }],
    [
      { _id: 1, a: 1 },
      { _id: 1, a: 2 },
      { _id: 3, a: 3 },
    ],
  ],
  [
    '$unwind keeps empty ones',
    'operator/aggregation/unwind',
    [{ a: [1] }, { a: [] }, { a: null }, {}],
    [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true } }],
    [{ _id: 1, a: 1 }, { _id: 2 }, { _id: 3, a: null }, { _id: 4 }],
  ],
  [
    '$unwind numbers elements',
    'operator/aggregation/unwind',
    [{ a: ['x', 'y'] }],
    [{ $unwind: { path: '$a', includeArrayIndex: 'i' } }],
    [
      { _id: 1, a: 'x', i: Long.fromNumber(0) },
      { _id: 1, a: 'y', i: Long.fromNumber(1) },
    ],
  ],
  [
    '$group sums',
    'operator/aggregation/group',
    sales,
    [{ $group: { _id: '$item', n: { $sum: '$qty' }, c: { $count: {} } } }, { $sort: { _id: 1 } }],
    [
      { _id: null, n: 1, c: 1 },
      { _id: 'a', n: 7, c: 2 },
      { _id: 'b', n: 1, c: 1 },
    ],
  ],
  [
    '$group of everything',
    'operator/aggregation/group',
    sales,
    [{ $group: { _id: null, avg: { $avg: '$qty' }, min: { $min: '$price' }, max: { $max: '$price' } } }],
    [{ _id: null, avg: 2.25, min: 1, max: 20 }],
  ],
  [
    '$group puts missing with null',
    'operator/aggregation/group',
    [{ a: null }, {}],
    [{ $group: { _id: '$a', n: { $sum: 1 } } }],
    [{ _id: null, n: 2 }],
  ],
  [
    '$group takes equal numbers together',
    'operator/aggregation/group',
    [{ a: 1 }, { a: new Double(1) }],
    [{ $group: { _id: '$a', n: { $sum: 1 } } }],
    [{ _id: 1, n: 2 }],
  ],
  [
    '$group by several fields',
    'operator/aggregation/group',
    [
      { a: 1, b: 1 },
      { a: 1, b: 1 },
    ],
    [{ $group: { _id: { x: '$a', y: '$b' }, n: { $sum: 1 } } }],
    [{ _id: { x: 1, y: 1 }, n: 2 }],
  ],
  [
    '$first, $last and $push in order',
    'operator/aggregation/group',
    [{ a: 2 }, { a: 1 }, { a: 3 }],
    [{ $sort: { a: 1 } }, { $group: { _id: null, f: { $first: '$a' }, l: { $last: '$a' }, p: { $push: '$a' } } }],
    [{ _id: null, f: 1, l: 3, p: [1, 2, 3] }],
  ],
  [
    '$addToSet',
    'operator/aggregation/addToSet',
    [{ a: 1 }, { a: 1 }, {}],
    [{ $group: { _id: null, s: { $addToSet: '$a' } } }],
    [{ _id: null, s: [1] }],
  ],
  [
    '$sum ignores what is no number',
    'operator/aggregation/sum',
    [{ a: 1 }, { a: 'x' }, {}],
    [{ $group: { _id: null, s: { $sum: '$a' } } }],
    [{ _id: null, s: 1 }],
  ],
  [
    '$sum of int32 beyond its range',
    'operator/aggregation/sum',
    [{ a: 2147483647 }, { a: 1 }],
    [{ $group: { _id: null, s: { $sum: '$a' } } }],
    [{ _id: null, s: Long.fromString('2147483648') }],
  ],
  [
    '$avg of nothing',
    'operator/aggregation/avg',
    [{}],
    [{ $group: { _id: null, s: { $avg: '$a' } } }],
    [{ _id: null, s: null }],
  ],
  ['$group of no documents', 'operator/aggregation/group', [], [{ $group: { _id: null, n: { $sum: 1 } } }], []],
  ['$count', 'operator/aggregation/count', sales, [{ $match: { item: 'a' } }, { $count: 'total' }], [{ total: 2 }]],
  ['$count of no documents', 'operator/aggregation/count', [], [{ $count: 'total' }], []],
  [
    '$sortByCount',
    'operator/aggregation/sortByCount',
    [{ a: 'x' }, { a: 'y' }, { a: 'y' }],
    [{ $sortByCount: '$a' }],
    [
      { _id: 'y', count: 2 },
      { _id: 'x', count: 1 },
    ],
  ],
  [
    '$bucket',
    'operator/aggregation/bucket',
    [{ a: 1 }, { a: 5 }, { a: 12 }, { a: 99 }],
    [{ $bucket: { groupBy: '$a', boundaries: [0, 10, 20], default: 'other' } }],
    [
      { _id: 0, count: 2 },
      { _id: 10, count: 1 },
      { _id: 'other', count: 1 },
    ],
  ],
  [
    '$bucket with output',
    'operator/aggregation/bucket',
    [{ a: 1 }, { a: 5 }],
    [{ $bucket: { groupBy: '$a', boundaries: [0, 10], output: { s: { $sum: '$a' } } } }],
    [{ _id: 0, s: 6 }],
  ],
  [
    '$facet',
    'operator/aggregation/facet',
    sales,
    [{ $facet: { n: [{ $count: 'c' }], top: [{ $sort: { price: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }] } }],
    [{ n: [{ c: 4 }], top: [{ _id: 2 }] }],
  ],
  ['$facet of no documents', 'operator/aggregation/facet', [], [{ $facet: { n: [{ $count: 'c' }] } }], [{ n: [] }]],
  [
    '$sort puts missing with null',
    'operator/aggregation/sort',
    [{ a: 1 }, {}, { a: null }, { a: 'x' }],
    [{ $sort: { a: -1, _id: 1 } }, { $project: { _id: 1 } }],
    [{ _id: 4 }, { _id: 1 }, { _id: 2 }, { _id: 3 }],
  ],
  [
    '$limit before $group',
    'operator/aggregation/limit',
    sales,
    [{ $sort: { _id: 1 } }, { $limit: 2 }, { $group: { _id: null, n: { $sum: 1 } } }],
    [{ _id: null, n: 2 }],
  ],
];

describe('stages', () => {
  test.each(stages)('%s (%s)', async (_says, _source, docs, pipeline, result) => {
    const collection = await filled(target, docs);
    expect(exact(await collection.aggregate(pipeline).toArray())).toBe(exact(result));
  });

  test('$lookup joins by equality (operator/aggregation/lookup)', async () => {
    const items = await filled(target, [{ sku: 'a', n: 1 }, { sku: 'b', n: 2 }, { n: 3 }]);
    const orders = await filled(target, [{ item: 'a' }, { item: ['a', 'b'] }, {}]);
    const lookup = { from: items.collectionName, localField: 'item', foreignField: 'sku', as: 'found' };
    const result = await orders.aggregate([{ $lookup: lookup }, { $project: { found: '$found.n' } }]).toArray();
    expect(exact(result)).toBe(
      exact([
        { _id: 1, found: [1] },
        { _id: 2, found: [1, 2] },
        { _id: 3, found: [3] },
      ]),
    );
  });
});

const refusedStages: [stage: Row, code: number][] = [
  [{ $foo: {} }, 40324],
  [{ $match: 1 }, 15959],
  [{ $limit: 0 }, 15958],
  [{ $skip: -1 }, 5107200],
  [{ $sort: {} }, 15976],
  [{ $sort: { a: 2 } }, 15975],
  [{ $project: {} }, 51272],
  [{ $project: { a: 1, b: 0 } }, 31254],
  [{ $project: { a: 0, b: 1 } }, 31253],
  [{ $project: { a: 1, 'a.b': 1 } }, 31249],
  [{ $group: { n: { $sum: 1 } } }, 15955],
  [{ $group: { _id: null, n: 1 } }, 40234],
  [{ $group: { _id: null, n: { $foo: 1 } } }, 15952],
  [{ $group: { _id: null, n: { $count: 1 } } }, 14],
  [{ $unwind: 'a' }, 28818],
  [{ $count: '' }, 40157],
  [{ $replaceRoot: { newRoot: 1 } }, 40228],
  [{ $match: { a: 1 }, $limit: 1 }, 40323],
];

describe('refused stages', () => {
  test('$sort by two arrays side by side, even of one document (operator/aggregation/sort)', async () => {
    const rows = await filled(target, [{ a: [1], b: [2] }]);
    const pipeline = [{ $sort: { a: 1, b: 1 } }];
    expect(await codeOf(rows.aggregate(pipeline).toArray())).toBe(2);
    expect(await codeOf(rows.find({}, { sort: { a: 1, b: 1 } }).toArray())).toBe(2);
    expect(await codeOf(rows.aggregate([{ $match: { a: 1 } }, ...pipeline]).toArray())).toBe(2);
  });

  test.each(refusedStages)('%j', async (stage, code) => {
    const rows = await filled(target, [{ a: 1 }]);
    expect(await codeOf(rows.aggregate([stage]).toArray())).toBe(code);
  });
});
