import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testFilters, type FilterRow } from './filter-rows.js';
import { BSONRegExp, codeOf, Decimal128, Double, Int32, Long, openTarget, type Row, type Target } from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

const logical: FilterRow[] = [
  ['$or', 'operator/query/or', [{ a: 1 }, { b: 2 }, { c: 3 }], { $or: [{ a: 1 }, { b: 2 }] }, [1, 2]],
  ['$and', 'operator/query/and', [{ a: [1, 2] }, { a: [1] }], { $and: [{ a: 1 }, { a: 2 }] }, [1]],
  ['$nor', 'operator/query/nor', [{ a: 1 }, { b: 2 }, { c: 3 }], { $nor: [{ a: 1 }, { b: 2 }] }, [3]],
  [
    '$not turns one condition round, missing included',
    'operator/query/not',
    [{ a: 5 }, { a: 15 }, {}, { a: 'x' }],
    { a: { $not: { $gt: 10 } } },
    [1, 3, 4],
  ],
  [
    '$not takes a regular expression',
    'operator/query/not',
    [{ a: 'abc' }, { a: 'x' }, {}],
    { a: { $not: /^a/ } },
    [2, 3],
  ],
  [
    '$not of several operators is not all of them',
    'operator/query/not',
    [{ a: 1 }, { a: 5 }, { a: 9 }],
    { a: { $not: { $gt: 2, $lt: 8 } } },
    [1, 3],
  ],
  [
    'logic nests',
    'operator/query/and',
    [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 2 },
    ],
    { $and: [{ $or: [{ a: 1 }, { a: 3 }] }, { $nor: [{ b: 1 }] }] },
    [2],
  ],
  ['$comment changes nothing', 'operator/query/comment', [{ a: 1 }, { a: 2 }], { a: 1, $comment: 'why' }, [1]],
  [
    '$expr compares fields',
    'operator/query/expr',
    [
      { a: 1, b: 2 },
      { a: 3, b: 2 },
    ],
    { $expr: { $gt: ['$a', '$b'] } },
    [2],
  ],
  ['$expr does not open arrays', 'operator/query/expr', [{ a: [1, 5] }, { a: 5 }], { $expr: { $eq: ['$a', 5] } }, [2]],
];

const arrays: FilterRow[] = [
  [
    '$elemMatch wants one element to meet all',
    'operator/query/elemMatch',
    [{ a: [82, 85, 88] }, { a: [75, 88, 89] }],
    { a: { $elemMatch: { $gte: 80, $lt: 85 } } },
    [1],
  ],
  [
    '$elemMatch of documents',
    'operator/query/elemMatch',
    [
      {
        a: [
          { p: 'x', s: 8 },
          { p: 'y', s: 5 },
        ],
      },
      {
        a: [
          { p: 'x', s: 5 },
          { p: 'y', s: 8 },
        ],
      },
    ],
    { a: { $elemMatch: { p: 'x', s: { $gte: 8 } } } },
    [1],
  ],
  [
    '$elemMatch of DBRefs by their fields',
    'reference/database-references; server: the parser takes $ref, $id and $db for fields',
    [
      {
        a: [
          { $ref: 'r', $id: 1 },
          { $ref: 's', $id: 2 },
        ],
      },
      { a: [{ $ref: 'r', $id: 2 }] },
      { a: [{ $ref: 'r', $id: 2, $db: 'd' }] },
    ],
    { a: { $elemMatch: { $ref: 'r', $id: 2 } } },
    [2, 3],
  ],
  [
    '$elemMatch of DBRefs by one field',
    'reference/database-references; server: the parser takes $ref, $id and $db for fields',
    [{ a: [{ $ref: 'r', $id: 1, $db: 'd' }] }, { a: [{ $ref: 'r', $id: 1 }] }],
    { a: { $elemMatch: { $db: 'd' } } },
    [1],
  ],
  [
    '$elemMatch needs an array',
    'operator/query/elemMatch',
    [{ a: { p: 1 } }, { a: [{ p: 1 }] }],
    { a: { $elemMatch: { p: 1 } } },
    [2],
  ],
  [
    '$elemMatch with $or inside',
    'operator/query/elemMatch',
    [{ a: [{ p: 1 }] }, { a: [{ q: 2 }] }, { a: [{ r: 3 }] }],
    { a: { $elemMatch: { $or: [{ p: 1 }, { q: 2 }] } } },
    [1, 2],
  ],
  [
    'nested $elemMatch',
    'jstests arrayfind7',
    [{ a: [{ b: [{ c: 1, d: 2 }] }] }, { a: [{ b: [{ c: 1 }, { d: 2 }] }] }],
    { a: { $elemMatch: { b: { $elemMatch: { c: 1, d: 2 } } } } },
    [1],
  ],
  [
    '$elemMatch at a path through an array',
    'operator/query/elemMatch',
    [{ a: [{ b: [1, 7] }] }, { a: [{ b: [3] }, { b: [9] }] }],
    { 'a.b': { $elemMatch: { $gt: 2, $lt: 8 } } },
    [1, 2],
  ],
  [
    '$not $elemMatch',
    'operator/query/elemMatch',
    [{ a: [1] }, { a: [5] }, {}],
    { a: { $not: { $elemMatch: { $gt: 3 } } } },
    [1, 3],
  ],
  [
    '$elemMatch with $ne',
    'operator/query/elemMatch',
    [{ a: [1, 1] }, { a: [1, 2] }, { a: [] }],
    { a: { $elemMatch: { $ne: 1 } } },
    [2],
  ],
  [
    '$all in any order',
    'operator/query/all',
    [{ a: ['x', 'y', 'z'] }, { a: ['y'] }, { a: ['z', 'x'] }],
    { a: { $all: ['x', 'z'] } },
    [1, 3],
  ],
  [
    '$all of one value matches a scalar',
    'operator/query/all',
    [{ a: 'x' }, { a: ['x'] }],
    { a: { $all: ['x'] } },
    [1, 2],
  ],
  [
    '$all of a nested array',
    'operator/query/all',
    [{ a: [['s', 't']] }, { a: ['s', 't'] }, { a: ['s'] }],
    { a: { $all: [['s', 't']] } },
    [1, 2],
  ],
  ['$all of nothing finds nothing', 'operator/query/all', [{ a: [] }, { a: [1] }], { a: { $all: [] } }, []],
  [
    '$all with $elemMatch',
    'operator/query/all',
    [
      {
        a: [
          { s: 1, n: 5 },
          { s: 2, n: 1 },
        ],
      },
      {
        a: [
          { s: 1, n: 1 },
          { s: 2, n: 5 },
        ],
      },
    ],
    { a: { $all: [{ $elemMatch: { s: 1, n: { $gt: 4 } } }, { $elemMatch: { s: 2 } }] } },
    [1],
  ],
  [
    '$all with a regular expression',
    'operator/query/all',
    [{ a: ['abc', 'q'] }, { a: ['abc'] }],
    { a: { $all: [/^ab/, 'q'] } },
    [1],
  ],
  [
    '$size is the exact length',
    'operator/query/size',
    [{ a: [1, 2] }, { a: [1] }, { a: 2 }, { a: [[1, 2]] }],
    { a: { $size: 2 } },
    [1],
  ],
  ['$size 0', 'operator/query/size', [{ a: [] }, {}, { a: null }], { a: { $size: 0 } }, [1]],
];

const others: FilterRow[] = [
  ['$type by alias', 'operator/query/type', [{ a: 'x' }, { a: 1 }, { a: ['y'] }], { a: { $type: 'string' } }, [1, 3]],
  [
    '$type number is all four types',
    'operator/query/type',
    [{ a: 1 }, { a: 1.5 }, { a: Long.fromNumber(1) }, { a: Decimal128.fromString('1') }, { a: '1' }],
    { a: { $type: 'number' } },
    [1, 2, 3, 4],
  ],
  [
    '$type tells int32 from double',
    'operator/query/type',
    [{ a: new Int32(1) }, { a: new Double(1) }],
    { a: { $type: 'int' } },
    [1],
  ],
  [
    '$type array looks at the field itself',
    'operator/query/type',
    [{ a: [] }, { a: [[1]] }, { a: 1 }],
    { a: { $type: 'array' } },
    [1, 2],
  ],
  [
    '$type of several',
    'operator/query/type',
    [{ a: 'x' }, { a: true }, { a: 1 }],
    { a: { $type: ['string', 8] } },
    [1, 2],
  ],
  [
    '$regex with options',
    'operator/query/regex',
    [{ a: 'Hello' }, { a: 'hello' }, { a: 'x' }],
    { a: { $regex: '^HEL', $options: 'i' } },
    [1, 2],
  ],
  ['a regular expression finds elements', 'operator/query/regex', [{ a: ['xx', 'ab'] }, { a: 'b' }], { a: /^a/ }, [1]],
  [
    'option m moves anchors to lines',
    'operator/query/regex',
    [{ a: 'one\ntwo' }],
    { a: { $regex: '^two', $options: 'm' } },
    [1],
  ],
  [
    'option s lets the dot match a newline',
    'operator/query/regex',
    [{ a: 'one\ntwo' }],
    { a: { $regex: 'e.t', $options: 's' } },
    [1],
  ],
  ['without s the dot stops at a newline', 'operator/query/regex', [{ a: 'one\ntwo' }], { a: { $regex: 'e.t' } }, []],
  [
    'option x ignores space and comments',
    'operator/query/regex',
    [{ a: 'abc123' }],
    { a: { $regex: 'abc #letters\n \\d+', $options: 'x' } },
    [1],
  ],
  [
    '$ matches before a final newline',
    'pcre.org pattern: dollar',
    [{ a: 'ab\n' }, { a: 'ab\nc' }],
    { a: { $regex: 'b$' } },
    [1],
  ],
  [
    'escaped punctuation is literal',
    'pcre.org pattern: backslash',
    [{ a: 'a-b_c' }, { a: 'ab' }],
    { a: { $regex: 'a\\-b\\_c' } },
    [1],
  ],
  [
    'POSIX classes',
    'pcre.org pattern: posix classes',
    [{ a: 'abc' }, { a: '123' }],
    { a: { $regex: '^[[:alpha:]]+$' } },
    [1],
  ],
  [
    '$regex beside other operators',
    'operator/query/regex',
    [{ a: 'acme1' }, { a: 'acme2' }],
    { a: { $regex: /^acme/, $nin: ['acme1'] } },
    [2],
  ],
  [
    'a regular expression finds an equal stored one',
    'operator/query/regex',
    [{ a: new BSONRegExp('^x') }, { a: 'xy' }],
    { a: new BSONRegExp('^x') },
    [1, 2],
  ],
  ['numbers are no text', 'operator/query/regex', [{ a: 5 }, { a: '5' }], { a: /5/ }, [2]],
  ['$mod', 'operator/query/mod', [{ a: 4 }, { a: 5 }, { a: 8.9 }, { a: 'x' }], { a: { $mod: [4, 0] } }, [1, 3]],
  ['$mod keeps the sign of the dividend', 'operator/query/mod', [{ a: -5 }, { a: 5 }], { a: { $mod: [4, -1] } }, [1]],
  [
    'a position beside a field of that name',
    'path: numeric components',
    [{ a: [{ 0: 'x' }] }, { a: ['x'] }],
    { 'a.0': 'x' },
    [1, 2],
  ],
];

describe('logic', () => testFilters(() => target, logical));
describe('arrays', () => testFilters(() => target, arrays));
describe('types and text', () => testFilters(() => target, others));

/** [what is wrong, filter, code]. */
const refused: [says: string, filter: Row, code: number][] = [
  ['an unknown operator', { a: { $foo: 1 } }, 2],
  ['an unknown top-level operator', { $foo: 1 }, 2],
  ['$and of nothing', { $and: [] }, 2],
  ['$or of no array', { $or: {} }, 2],
  ['$or of no documents', { $or: [1] }, 2],
  ['$in of no array', { a: { $in: 1 } }, 2],
  ['$nin of no array', { a: { $nin: 'x' } }, 2],
  ['operators inside $in', { a: { $in: [{ $gt: 1 }] } }, 2],
  ['$all of no array', { a: { $all: 1 } }, 2],
  ['$not of a scalar', { a: { $not: 1 } }, 2],
  ['$not of nothing', { a: { $not: {} } }, 2],
  ['$elemMatch of a scalar', { a: { $elemMatch: 1 } }, 2],
  ['$mod by zero', { a: { $mod: [0, 1] } }, 2],
  ['$mod of one number', { a: { $mod: [4] } }, 2],
  ['$type of an unknown name', { a: { $type: 'foo' } }, 2],
  ['$type of an unknown number', { a: { $type: 99 } }, 2],
  ['$options alone', { a: { $options: 'i' } }, 2],
  ['$regex of a number', { a: { $regex: 5 } }, 2],
  ['a malformed expression', { a: { $regex: '(' } }, 51091],
  ['options twice', { a: { $regex: /x/i, $options: 'm' } }, 51075],
  ['a negative $size', { a: { $size: -1 } }, 2],
  ['a range of a regular expression', { a: { $gt: /x/ } }, 2],
  ['$ne of a regular expression', { a: { $ne: /x/ } }, 2],
  ['$expr inside $elemMatch', { a: { $elemMatch: { $expr: true } } }, 2],
  ['an unknown expression', { $expr: { $foo: 1 } }, 168],
];

describe('refused filters', () => {
  test.each(refused)('%s', async (_says, filter, code) => {
    expect(
      await codeOf(
        target
          .fresh()
          .find(filter as object)
          .toArray(),
      ),
    ).toBe(code);
  });
});
