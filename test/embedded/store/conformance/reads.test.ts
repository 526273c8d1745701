import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  Binary,
  codeOf,
  Decimal128,
  Double,
  exact,
  filled,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  openTarget,
  Timestamp,
  type Row,
  type Target,
} from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** [what the source says, manual page, document, projection, result]. */
type ProjectionRow = [says: string, source: string, doc: Row, projection: Row, result: Row];

const nested = { a: { b: 1, c: 2 }, list: [{ k: 1, v: 2 }, 7, [{ k: 3, v: 4 }]], n: [1, 2, 3, 4] };

const projections: ProjectionRow[] = [
  ['inclusion keeps _id', 'tutorial/project-fields-from-query-results', { a: 1, b: 2 }, { a: 1 }, { _id: 1, a: 1 }],
  ['inclusion without _id', 'tutorial/project-fields-from-query-results', { a: 1, b: 2 }, { a: 1, _id: 0 }, { a: 1 }],
  ['exclusion', 'tutorial/project-fields-from-query-results', { a: 1, b: 2 }, { a: 0 }, { _id: 1, b: 2 }],
  ['only _id dropped', 'tutorial/project-fields-from-query-results', { a: 1 }, { _id: 0 }, { a: 1 }],
  ['only _id kept', 'tutorial/project-fields-from-query-results', { a: 1 }, { _id: 1 }, { _id: 1 }],
  [
    'the document decides the order',
    'tutorial/project-fields-from-query-results',
    { x: 1, y: 2, z: 3 },
    { z: 1, x: 1 },
    { _id: 1, x: 1, z: 3 },
  ],
  ['true is inclusion', 'method/db.collection.find#projection', { a: 1, b: 2 }, { b: true }, { _id: 1, b: 2 }],
  [
    'any number but zero is inclusion',
    'method/db.collection.find#projection',
    { a: 1, b: 2 },
    { b: -3 },
    { _id: 1, b: 2 },
  ],
  [
    'a path into a document',
    'tutorial/project-fields-from-query-results',
    nested,
    { 'a.b': 1 },
    { _id: 1, a: { b: 1 } },
  ],
  [
    'a nested document means the same',
    'tutorial/project-fields-from-query-results',
    nested,
    { a: { b: 1 } },
    { _id: 1, a: { b: 1 } },
  ],
  [
    'a path out of a document',
    'tutorial/project-fields-from-query-results',
    { a: { b: 1, c: 2 } },
    { 'a.c': 0 },
    { _id: 1, a: { b: 1 } },
  ],
  [
    'inclusion in arrays drops scalars',
    'tutorial/project-fields-from-query-results',
    nested,
    { 'list.k': 1 },
    { _id: 1, list: [{ k: 1 }, [{ k: 3 }]] },
  ],
  [
    'exclusion in arrays keeps scalars',
    'tutorial/project-fields-from-query-results',
    { list: nested.list },
    { 'list.k': 0 },
    { _id: 1, list: [{ v: 2 }, 7, [{ v: 4 }]] },
  ],
  ['a path below a scalar keeps nothing', 'jstests null_query_semantics', { a: 4 }, { 'a.b': 1 }, { _id: 1 }],
  [
    'a missing path in a document leaves it empty',
    'jstests null_query_semantics',
    { a: { c: 1 } },
    { 'a.b': 1 },
    { _id: 1, a: {} },
  ],
  ['a missing field stays missing', 'tutorial/project-fields-from-query-results', { a: 1 }, { zz: 1 }, { _id: 1 }],
  [
    '$slice of the first',
    'operator/projection/slice',
    { n: [1, 2, 3, 4], x: 1 },
    { n: { $slice: 2 } },
    { _id: 1, n: [1, 2], x: 1 },
  ],
  ['$slice of the last', 'operator/projection/slice', { n: [1, 2, 3, 4] }, { n: { $slice: -1 } }, { _id: 1, n: [4] }],
  [
    '$slice from a place',
    'operator/projection/slice',
    { n: [1, 2, 3, 4] },
    { n: { $slice: [1, 2] } },
    { _id: 1, n: [2, 3] },
  ],
  [
    '$slice from a place at the end',
    'operator/projection/slice',
    { n: [1, 2, 3, 4] },
    { n: { $slice: [-3, 2] } },
    { _id: 1, n: [2, 3] },
  ],
  [
    '$slice beside inclusion',
    'operator/projection/slice',
    { n: [1, 2], x: 1, y: 2 },
    { x: 1, n: { $slice: 1 } },
    { _id: 1, n: [1], x: 1 },
  ],
  [
    '$slice beside exclusion',
    'operator/projection/slice',
    { n: [1, 2], x: 1, y: 2 },
    { x: 0, n: { $slice: 1 } },
    { _id: 1, n: [1], y: 2 },
  ],
  [
    '$elemMatch gives the first match',
    'operator/projection/elemMatch',
    {
      list: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
        { k: 2, v: 3 },
      ],
      x: 1,
    },
    { list: { $elemMatch: { k: 2 } } },
    { _id: 1, list: [{ k: 2, v: 2 }] },
  ],
  [
    '$elemMatch of scalars',
    'operator/projection/elemMatch',
    { n: [1, 5, 9] },
    { n: { $elemMatch: { $gt: 3 } } },
    { _id: 1, n: [5] },
  ],
  [
    '$elemMatch without a match',
    'operator/projection/elemMatch',
    { list: [{ k: 1 }] },
    { list: { $elemMatch: { k: 9 } } },
    { _id: 1 },
  ],
  [
    'an expression',
    'method/db.collection.find#projection',
    { a: 1, b: 2 },
    { sum: { $add: ['$a', '$b'] } },
    { _id: 1, sum: 3 },
  ],
  [
    'a field under another name',
    'method/db.collection.find#projection',
    { a: { b: 1 } },
    { c: '$a.b' },
    { _id: 1, c: 1 },
  ],
];

describe('projections', () => {
  test.each(projections)('%s (%s)', async (_says, _source, doc, projection, result) => {
    const rows = await filled(target, [{ _id: 1, ...doc }]);
    expect(exact(await rows.findOne({}, { projection }))).toBe(exact(result));
  });

  test.each<[string, Row, number]>([
    ['exclusion in inclusion', { a: 1, b: 0 }, 31254],
    ['inclusion in exclusion', { a: 0, b: 1 }, 31253],
    ['a path and its parent', { a: 1, 'a.b': 1 }, 31249],
    ['an unknown expression', { a: { $foo: 1 } }, 31325],
    ['$elemMatch of a nested field', { 'a.b': { $elemMatch: { c: 1 } } }, 31275],
    ['an empty document', { a: {} }, 51270],
  ])('%s is refused', async (_says, projection, code) => {
    const rows = await filled(target, [{ a: 1 }]);
    expect(await codeOf(rows.findOne({}, { projection }))).toBe(code);
  });
});

/** One value of each kind in MongoDB's order, NaN and the empty array in their places. */
const kinds: unknown[] = [
  new MinKey(),
  [],
  null,
  NaN,
  -Infinity,
  new Double(-1.5),
  0,
  Decimal128.fromString('0.5'),
  Long.fromNumber(7),
  'A',
  'a',
  'b',
  { a: 1 },
  { a: 2 },
  { b: 0 },
  new Binary(Buffer.from('x')),
  new ObjectId('000000000000000000000001'),
  false,
  true,
  new Date(-5),
  new Date(5),
  new Timestamp({ t: 1, i: 1 }),
  /x/,
  new MaxKey(),
];

/** [what the source says, manual page, documents, sort, _ids]. */
type SortRow = [says: string, source: string, docs: Row[], sort: Record<string, 1 | -1>, ids: number[]];

const sorts: SortRow[] = [
  [
    'types in their order',
    'bson-type-comparison-order',
    kinds.map((a) => ({ a })),
    { a: 1, _id: 1 },
    kinds.map((_, i) => i + 1),
  ],
  [
    'types backwards',
    'bson-type-comparison-order',
    kinds.map((a) => ({ a })),
    { a: -1, _id: 1 },
    kinds.map((_, i) => kinds.length - i),
  ],
  ['missing sorts as null', 'bson-type-comparison-order', [{ a: 1 }, {}, { a: null }], { a: 1, _id: 1 }, [2, 3, 1]],
  [
    'an array sorts by its smallest',
    'bson-type-comparison-order#arrays',
    [{ a: [5, 9] }, { a: 6 }, { a: [3, 20] }],
    { a: 1 },
    [3, 1, 2],
  ],
  [
    'an array sorts backwards by its largest',
    'bson-type-comparison-order#arrays',
    [{ a: [5, 9] }, { a: 6 }, { a: [3, 20] }],
    { a: -1 },
    [3, 1, 2],
  ],
  [
    'several fields',
    'method/cursor.sort',
    [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 0, b: 9 },
    ],
    { a: 1, b: -1 },
    [3, 2, 1],
  ],
  ['a path', 'method/cursor.sort', [{ a: { b: 2 } }, { a: { b: 1 } }], { 'a.b': 1 }, [2, 1]],
  [
    'a path through an array',
    'method/cursor.sort',
    [{ a: [{ b: 4 }, { b: 2 }] }, { a: [{ b: 3 }] }],
    { 'a.b': 1 },
    [1, 2],
  ],
  [
    'numbers of all types together',
    'bson-type-comparison-order',
    [{ a: Long.fromNumber(3) }, { a: 1.5 }, { a: Decimal128.fromString('2') }],
    { a: 1 },
    [2, 3, 1],
  ],
];

describe('sorting', () => {
  test.each(sorts)('%s (%s)', async (_says, _source, docs, sort, ids) => {
    const rows = await filled(target, docs);
    const found = await rows.find({}, { sort }).toArray();
    expect(exact(found.map(({ _id }) => _id))).toBe(exact(ids));
  });

  test.each(sorts.filter(([says]) => !says.startsWith('types')))(
    'with an index: %s (%s)',
    async (_says, _source, docs, sort, ids) => {
      const rows = await filled(target, docs);
      await rows.createIndex(sort);
      const found = await rows.find({}, { sort }).toArray();
      expect(exact(found.map(({ _id }) => _id))).toBe(exact(ids));
    },
  );

  test('two arrays side by side are refused', async () => {
    const rows = await filled(target, [{ a: [1, 2], b: [1, 2] }, { a: 1 }]);
    expect(await codeOf(rows.find({}, { sort: { a: 1, b: 1 } }).toArray())).toBe(2);
  });

  test('skip and limit follow the sort', async () => {
    const rows = await filled(target, [{ a: 3 }, { a: 1 }, { a: 2 }]);
    const found = await rows.find({}, { sort: { a: 1 }, skip: 1, limit: 1 }).toArray();
    expect(exact(found)).toBe(exact([{ _id: 3, a: 2 }]));
  });
});

/** [what the source says, documents, path, values]. */
const distinct: [says: string, docs: Row[], path: string, values: unknown[]][] = [
  ['each value once', [{ a: 1 }, { a: 2 }, { a: 1 }], 'a', [1, 2]],
  ['elements of arrays', [{ a: [1, 2] }, { a: 2 }, { a: [[3]] }], 'a', [1, 2, [3]]],
  ['equal numbers of different types once', [{ a: 1 }, { a: new Double(1) }], 'a', [1]],
  ['a path through arrays', [{ a: [{ b: 1 }, { b: [2, 3] }] }], 'a.b', [1, 2, 3]],
  ['null but not missing', [{ a: null }, {}], 'a', [null]],
  ['nothing', [{ b: 1 }], 'a', []],
];

describe('distinct', () => {
  test.each(distinct)('%s (command/distinct)', async (_says, docs, path, values) => {
    const rows = await filled(target, docs);
    expect(exact(await rows.distinct(path))).toBe(exact(values));
  });
});

describe('documents', () => {
  test('come back as they were sent, in their types and order', async () => {
    const rows = await filled(target, []);
    const doc = {
      _id: 1,
      b: new Double(1),
      a: Long.fromNumber(1),
      10: 1,
      2: [kinds],
      nested: { z: 1, y: { x: [{}] } },
    };
    await rows.insertOne(doc);
    expect(exact(await rows.findOne())).toBe(exact(doc));
  });

  test('get an ObjectId of the server when an upsert names none', async () => {
    const rows = await filled(target, []);
    const result = await rows.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true });
    expect(result.upsertedId).toBeInstanceOf(ObjectId);
    expect(Object.keys((await rows.findOne()) ?? {})).toEqual(['_id', 'a', 'b']);
  });

  test('updates keep the types of untouched fields', async () => {
    const rows = await filled(target, [
      { d: new Double(1), l: Long.fromNumber(1), c: Decimal128.fromString('1.0'), n: 1 },
    ]);
    await rows.updateOne({}, { $inc: { n: 1 } } as object);
    const after = { _id: 1, d: new Double(1), l: Long.fromNumber(1), c: Decimal128.fromString('1.0'), n: 2 };
    expect(exact(await rows.findOne())).toBe(exact(after));
  });
});
