import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  codeOf,
  Decimal128,
  Double,
  exact,
  filled,
  Long,
  ObjectId,
  openTarget,
  type Target,
  type Rows,
} from './target.js';

let target: Target;
let rows: Rows;

const doc = {
  _id: 1,
  n: 5,
  d: new Double(2.5),
  neg: -7,
  long: Long.fromString('9007199254740993'),
  dec: Decimal128.fromString('1.10'),
  s: 'Grüße',
  t: 'a-b-c',
  nil: null,
  yes: true,
  list: [3, 1, 2],
  docs: [
    { k: 'x', v: 1 },
    { k: 'y', v: 2 },
    { k: 'x', v: 5 },
  ],
  obj: { a: 1, b: { c: 2 } },
  nested: [{ k: 1 }, [{ k: 2 }], [[{ k: 3 }]]],
  at: new Date('2026-03-01T13:45:30.123Z'),
  id: new ObjectId('64b7f0a1c2d3e4f5a6b7c8d9'),
};

beforeAll(async () => {
  target = await openTarget();
  rows = await filled(target, [doc]);
});

afterAll(() => target.close());

/** Stands for "the field is missing". */
const MISSING = Symbol('missing');

/** [expression, manual page, value]. */
type ExpressionRow = [expression: unknown, source: string, value: unknown];

const paths: ExpressionRow[] = [
  ['$obj.b.c', 'core/aggregation-pipeline: field paths', 2],
  ['$docs.v', 'core/aggregation-pipeline: field paths', [1, 2, 5]],
  ['$docs.0', 'core/aggregation-pipeline: field paths', []],
  ['$nested.k', 'server: expressions skip arrays in arrays', [1]],
  ['$nothing', 'core/aggregation-pipeline: field paths', MISSING],
  ['$$ROOT.n', 'aggregation-variables', 5],
  ['$$CURRENT.n', 'aggregation-variables', 5],
  [{ $literal: '$n' }, 'operator/aggregation/literal', '$n'],
  [['$n', '$nothing'], 'operator/aggregation: arrays', [5, null]],
  [{ x: '$n', y: '$nothing' }, 'operator/aggregation: documents', { x: 5 }],
];

const arithmetic: ExpressionRow[] = [
  [{ $add: ['$n', 1] }, 'operator/aggregation/add', 6],
  [{ $add: ['$n', '$d'] }, 'operator/aggregation/add', new Double(7.5)],
  [{ $add: ['$long', 1] }, 'operator/aggregation/add', Long.fromString('9007199254740994')],
  [{ $add: [2147483647, 1] }, 'operator/aggregation/add', Long.fromString('2147483648')],
  [{ $add: ['$dec', '$dec'] }, 'operator/aggregation/add', Decimal128.fromString('2.20')],
  [{ $add: ['$at', 1000] }, 'operator/aggregation/add', new Date('2026-03-01T13:45:31.123Z')],
  [{ $add: ['$n', '$nothing'] }, 'operator/aggregation/add', null],
  [{ $add: [] }, 'operator/aggregation/add', 0],
  [{ $subtract: ['$n', 7] }, 'operator/aggregation/subtract', -2],
  [{ $subtract: ['$at', new Date('2026-03-01T13:45:30.000Z')] }, 'operator/aggregation/subtract', Long.fromNumber(123)],
  [{ $subtract: ['$at', 123] }, 'operator/aggregation/subtract', new Date('2026-03-01T13:45:30.000Z')],
  [{ $subtract: ['$at', 1.6] }, 'server: whole milliseconds', new Date('2026-03-01T13:45:30.122Z')],
  [{ $add: ['$at', 1.6] }, 'server: nearest millisecond', new Date('2026-03-01T13:45:30.125Z')],
  [{ $multiply: ['$n', '$n', 2] }, 'operator/aggregation/multiply', 50],
  [{ $multiply: [65536, 65536] }, 'operator/aggregation/multiply', Long.fromString('4294967296')],
  [{ $divide: ['$n', 2] }, 'operator/aggregation/divide', new Double(2.5)],
  [{ $divide: [6, 3] }, 'operator/aggregation/divide', new Double(2)],
  [{ $divide: ['$nothing', 3] }, 'operator/aggregation/divide', null],
  [
    { $divide: [Decimal128.fromString('1'), 3] },
    'operator/aggregation/divide',
    Decimal128.fromString('0.3333333333333333333333333333333333'),
  ],
  [{ $mod: ['$neg', 4] }, 'operator/aggregation/mod', -3],
  [{ $mod: [7.5, 2] }, 'operator/aggregation/mod', new Double(1.5)],
  [{ $abs: '$neg' }, 'operator/aggregation/abs', 7],
  [{ $abs: '$nil' }, 'operator/aggregation/abs', null],
  [{ $floor: -1.5 }, 'operator/aggregation/floor', new Double(-2)],
  [{ $ceil: 1.2 }, 'operator/aggregation/ceil', new Double(2)],
  [{ $floor: '$n' }, 'operator/aggregation/floor', 5],
  [{ $round: 2.5 }, 'operator/aggregation/round', new Double(2)],
  [{ $round: 3.5 }, 'operator/aggregation/round', new Double(4)],
  [{ $round: [19.258, 1] }, 'operator/aggregation/round', 19.3],
  [{ $round: [28.73, -1] }, 'operator/aggregation/round', new Double(30)],
  [{ $round: [1234, -2] }, 'operator/aggregation/round', 1200],
  [{ $trunc: [-7.86, 1] }, 'operator/aggregation/trunc', -7.8],
  [{ $trunc: [1234, -2] }, 'operator/aggregation/trunc', 1200],
];

const logic: ExpressionRow[] = [
  [{ $eq: ['$n', new Double(5)] }, 'operator/aggregation/eq', true],
  [{ $ne: ['$n', '5'] }, 'operator/aggregation/ne', true],
  [{ $gt: ['x', 5] }, 'operator/aggregation/gt', true],
  [{ $lt: ['$nothing', null] }, 'bson-type-comparison-order: missing below null', true],
  [{ $eq: ['$nothing', null] }, 'operator/aggregation/eq', false],
  [{ $gte: ['$at', new Date(0)] }, 'operator/aggregation/gte', true],
  [
    {
      $lte: [
        [1, 2],
        [1, 3],
      ],
    },
    'operator/aggregation/lte',
    true,
  ],
  [{ $cmp: ['a', 'b'] }, 'operator/aggregation/cmp', -1],
  [{ $and: [1, 'x', []] }, 'operator/aggregation/and', true],
  [{ $and: [1, '$nil'] }, 'operator/aggregation/and', false],
  [{ $and: [] }, 'operator/aggregation/and', true],
  [{ $or: [] }, 'operator/aggregation/or', false],
  [{ $or: [0, '$nothing', 'x'] }, 'operator/aggregation/or', true],
  [{ $not: ['$nothing'] }, 'operator/aggregation/not', true],
  [{ $not: [[0]] }, 'operator/aggregation/not', false],
  [{ $cond: [{ $gt: ['$n', 3] }, 'big', 'small'] }, 'operator/aggregation/cond', 'big'],
  [{ $cond: { if: '$nil', then: 1, else: 2 } }, 'operator/aggregation/cond', 2],
  [{ $ifNull: ['$nil', '$nothing', 'last'] }, 'operator/aggregation/ifNull', 'last'],
  [{ $ifNull: ['$n', 'x'] }, 'operator/aggregation/ifNull', 5],
  [
    {
      $switch: {
        branches: [
          { case: { $eq: ['$n', 4] }, then: 'four' },
          { case: { $eq: ['$n', 5] }, then: 'five' },
        ],
        default: '?',
      },
    },
    'operator/aggregation/switch',
    'five',
  ],
  [{ $switch: { branches: [{ case: false, then: 1 }], default: 'none' } }, 'operator/aggregation/switch', 'none'],
];

const text: ExpressionRow[] = [
  [{ $concat: ['$t', '!'] }, 'operator/aggregation/concat', 'a-b-c!'],
  [{ $concat: ['$t', null] }, 'operator/aggregation/concat', null],
  [{ $toUpper: '$s' }, 'operator/aggregation/toUpper: ASCII only', 'GRüßE'],
  [{ $toLower: 'ÄBC' }, 'operator/aggregation/toLower: ASCII only', 'Äbc'],
  [{ $toUpper: '$nothing' }, 'operator/aggregation/toUpper', ''],
  [{ $substrCP: ['$s', 1, 3] }, 'operator/aggregation/substrCP', 'rüß'],
  [{ $substrCP: ['$s', 9, 3] }, 'operator/aggregation/substrCP', ''],
  [{ $strLenCP: '$s' }, 'operator/aggregation/strLenCP', 5],
  [{ $split: ['$t', '-'] }, 'operator/aggregation/split', ['a', 'b', 'c']],
  [{ $split: ['$t', 'x'] }, 'operator/aggregation/split', ['a-b-c']],
  [{ $split: ['$nil', '-'] }, 'operator/aggregation/split', null],
];

const lists: ExpressionRow[] = [
  [{ $size: '$list' }, 'operator/aggregation/size', 3],
  [{ $arrayElemAt: ['$list', 0] }, 'operator/aggregation/arrayElemAt', 3],
  [{ $arrayElemAt: ['$list', -1] }, 'operator/aggregation/arrayElemAt', 2],
  [{ $arrayElemAt: ['$list', 7] }, 'operator/aggregation/arrayElemAt', MISSING],
  [{ $slice: ['$list', 2] }, 'operator/aggregation/slice', [3, 1]],
  [{ $slice: ['$list', -2] }, 'operator/aggregation/slice', [1, 2]],
  [{ $slice: ['$list', 1, 1] }, 'operator/aggregation/slice', [1]],
  [{ $in: [1, '$list'] }, 'operator/aggregation/in', true],
  [{ $in: [9, '$list'] }, 'operator/aggregation/in', false],
  [{ $concatArrays: ['$list', [9]] }, 'operator/aggregation/concatArrays', [3, 1, 2, 9]],
  [{ $concatArrays: ['$list', '$nil'] }, 'operator/aggregation/concatArrays', null],
  [{ $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] } } }, 'operator/aggregation/filter', [3, 2]],
  [{ $filter: { input: '$list', cond: { $gt: ['$$this', 1] }, limit: 1 } }, 'operator/aggregation/filter', [3]],
  [{ $map: { input: '$list', as: 'x', in: { $multiply: ['$$x', '$n'] } } }, 'operator/aggregation/map', [15, 5, 10]],
  [{ $map: { input: '$docs', in: '$$this.k' } }, 'operator/aggregation/map', ['x', 'y', 'x']],
  [{ $map: { input: '$nil', in: 1 } }, 'operator/aggregation/map', null],
  [
    { $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
    'operator/aggregation/reduce',
    6,
  ],
  [{ $reverseArray: '$list' }, 'operator/aggregation/reverseArray', [2, 1, 3]],
  [{ $range: [0, 10, 4] }, 'operator/aggregation/range', [0, 4, 8]],
  [{ $isArray: '$list' }, 'operator/aggregation/isArray', true],
  [{ $sum: '$list' }, 'operator/aggregation/sum', 6],
  [{ $sum: ['$n', '$d', 'x'] }, 'operator/aggregation/sum', new Double(7.5)],
  [{ $avg: '$list' }, 'operator/aggregation/avg', new Double(2)],
  [{ $avg: '$nothing' }, 'operator/aggregation/avg', null],
  [{ $min: '$list' }, 'operator/aggregation/min', 1],
  [{ $max: ['$n', '$neg', '$nothing'] }, 'operator/aggregation/max', 5],
  [{ $first: '$list' }, 'operator/aggregation/first', 3],
  [{ $last: '$list' }, 'operator/aggregation/last', 2],
];

const objects: ExpressionRow[] = [
  [{ $mergeObjects: ['$obj', { a: 9, z: 1 }, null] }, 'operator/aggregation/mergeObjects', { a: 9, b: { c: 2 }, z: 1 }],
  [
    { $objectToArray: '$obj' },
    'operator/aggregation/objectToArray',
    [
      { k: 'a', v: 1 },
      { k: 'b', v: { c: 2 } },
    ],
  ],
  [{ $arrayToObject: '$docs' }, 'operator/aggregation/arrayToObject', { x: 5, y: 2 }],
  [
    {
      $arrayToObject: [
        [
          ['a', 1],
          ['b', 2],
        ],
      ],
    },
    'operator/aggregation/arrayToObject',
    { a: 1, b: 2 },
  ],
  [{ $getField: 'n' }, 'operator/aggregation/getField', 5],
  [{ $getField: { field: 'a', input: '$obj' } }, 'operator/aggregation/getField', 1],
  [{ $getField: 'no.such' }, 'operator/aggregation/getField', MISSING],
  [{ $let: { vars: { x: '$n' }, in: { $add: ['$$x', 1] } } }, 'operator/aggregation/let', 6],
];

const dates: ExpressionRow[] = [
  [{ $year: '$at' }, 'operator/aggregation/year', 2026],
  [{ $month: '$at' }, 'operator/aggregation/month', 3],
  [{ $dayOfMonth: '$at' }, 'operator/aggregation/dayOfMonth', 1],
  [{ $hour: { date: '$at' } }, 'operator/aggregation/hour', 13],
  [{ $minute: '$at' }, 'operator/aggregation/minute', 45],
  [{ $second: '$at' }, 'operator/aggregation/second', 30],
  [{ $millisecond: '$at' }, 'operator/aggregation/millisecond', 123],
  [{ $dayOfWeek: '$at' }, 'operator/aggregation/dayOfWeek: Sunday is 1', 1],
  [{ $isoDayOfWeek: '$at' }, 'operator/aggregation/isoDayOfWeek: Sunday is 7', 7],
  [{ $dayOfYear: '$at' }, 'operator/aggregation/dayOfYear', 60],
  [{ $week: new Date('2026-01-04T00:00:00Z') }, 'operator/aggregation/week', 1],
  [{ $week: new Date('2026-01-03T00:00:00Z') }, 'operator/aggregation/week', 0],
  [{ $isoWeek: new Date('2027-01-01T00:00:00Z') }, 'operator/aggregation/isoWeek', 53],
  [{ $isoWeekYear: new Date('2027-01-01T00:00:00Z') }, 'operator/aggregation/isoWeekYear', 2026],
  [{ $year: '$nil' }, 'operator/aggregation/year', null],
  [{ $dateToString: { date: '$at' } }, 'operator/aggregation/dateToString', '2026-03-01T13:45:30.123Z'],
  [
    { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L %j %u %%' } },
    'operator/aggregation/dateToString',
    '2026-03-01 13:45:30.123 060 7 %',
  ],
  [{ $dateToString: { date: '$nothing', format: '%Y', onNull: 'none' } }, 'operator/aggregation/dateToString', 'none'],
  [{ $dateTrunc: { date: '$at', unit: 'day' } }, 'operator/aggregation/dateTrunc', new Date('2026-03-01T00:00:00Z')],
  [
    { $dateTrunc: { date: '$at', unit: 'hour', binSize: 6 } },
    'operator/aggregation/dateTrunc',
    new Date('2026-03-01T12:00:00Z'),
  ],
  [{ $dateTrunc: { date: '$at', unit: 'month' } }, 'operator/aggregation/dateTrunc', new Date('2026-03-01T00:00:00Z')],
  [
    { $dateTrunc: { date: '$at', unit: 'quarter' } },
    'operator/aggregation/dateTrunc',
    new Date('2026-01-01T00:00:00Z'),
  ],
  [
    { $dateTrunc: { date: new Date('2026-03-04T05:00:00Z'), unit: 'week' } },
    'operator/aggregation/dateTrunc: Sunday',
    new Date('2026-03-01T00:00:00Z'),
  ],
  [
    { $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } },
    'operator/aggregation/dateTrunc',
    new Date('2026-02-23T00:00:00Z'),
  ],
  [
    { $dateTrunc: { date: new Date('2026-03-04T05:00:00Z'), unit: 'week', binSize: 2 } },
    'operator/aggregation/dateTrunc: weeks from 2000-01-02',
    new Date('2026-02-22T00:00:00Z'),
  ],
  [
    { $dateTrunc: { date: '$at', unit: 'year', binSize: 10 } },
    'operator/aggregation/dateTrunc',
    new Date('2020-01-01T00:00:00Z'),
  ],
];

const types: ExpressionRow[] = [
  [{ $type: '$n' }, 'operator/aggregation/type', 'int'],
  [{ $type: '$nothing' }, 'operator/aggregation/type', 'missing'],
  [{ $type: '$list' }, 'operator/aggregation/type', 'array'],
  [{ $isNumber: '$dec' }, 'operator/aggregation/isNumber', true],
  [{ $toString: '$d' }, 'operator/aggregation/toString', '2.5'],
  [{ $toString: '$id' }, 'operator/aggregation/toString', '64b7f0a1c2d3e4f5a6b7c8d9'],
  [{ $toString: '$at' }, 'operator/aggregation/toString', '2026-03-01T13:45:30.123Z'],
  [{ $toString: '$yes' }, 'operator/aggregation/toString', 'true'],
  [{ $toInt: '12' }, 'operator/aggregation/toInt', 12],
  [{ $toInt: -1.9 }, 'operator/aggregation/toInt', -1],
  [{ $toLong: '$at' }, 'operator/aggregation/toLong', Long.fromNumber(Date.parse('2026-03-01T13:45:30.123Z'))],
  [{ $toDouble: '1.5' }, 'operator/aggregation/toDouble', 1.5],
  [{ $toBool: 'false' }, 'operator/aggregation/toBool', true],
  [{ $toBool: 0 }, 'operator/aggregation/toBool', false],
  [{ $toDate: '2026-03-01' }, 'operator/aggregation/toDate', new Date('2026-03-01T00:00:00Z')],
  [{ $toDate: '$id' }, 'operator/aggregation/toDate', new Date(0x64b7f0a1 * 1000)],
  [{ $toDate: Long.fromNumber(1000) }, 'operator/aggregation/toDate', new Date(1000)],
  [{ $toObjectId: '64b7f0a1c2d3e4f5a6b7c8d9' }, 'operator/aggregation/toObjectId', doc.id],
  [{ $toInt: '$nil' }, 'operator/aggregation/toInt', null],
];

describe('expressions', () => {
  test.each([...paths, ...arithmetic, ...logic, ...text, ...lists, ...objects, ...dates, ...types])(
    '%j (%s)',
    async (expression, _source, value) => {
      const [result] = await rows.aggregate([{ $replaceWith: { value: expression } }]).toArray();
      expect(exact(result)).toBe(exact(value === MISSING ? {} : { value }));
    },
  );
});

const refused: [expression: unknown, code: number][] = [
  [{ $foo: 1 }, 168],
  [{ $add: ['$n', 1], $subtract: [1, 2] }, 15983],
  [{ $add: ['x', 1] }, 14],
  [{ $add: ['$at', '$at'] }, 16612],
  [{ $subtract: ['x', 1] }, 14],
  [{ $multiply: ['$at', 1] }, 14],
  [{ $divide: [1, 0] }, 2],
  [{ $divide: ['x', 1] }, 14],
  [{ $mod: [1, 0] }, 16610],
  [{ $abs: 'x' }, 28765],
  [{ $eq: [1] }, 16020],
  [{ $cond: [1, 2] }, 16020],
  [{ $cond: { if: 1, then: 2 } }, 17082],
  [{ $concat: ['a', 1] }, 16702],
  [{ $size: '$n' }, 17124],
  [{ $arrayElemAt: ['$n', 0] }, 28689],
  [{ $arrayElemAt: ['$list', 1.5] }, 28691],
  [{ $slice: ['$n', 1] }, 28724],
  [{ $in: [1, '$n'] }, 40081],
  [{ $concatArrays: ['$n'] }, 28664],
  [{ $filter: { input: '$n', cond: true } }, 28651],
  [{ $map: { input: '$n', in: 1 } }, 16883],
  [{ $mergeObjects: ['$n'] }, 40400],
  [{ $toInt: 'x' }, 241],
  [{ $toInt: '$list' }, 241],
  [{ $toObjectId: 'x' }, 241],
  [{ $year: 'x' }, 16006],
  [{ $strLenCP: '$n' }, 34471],
  ['$$nothing', 17276],
  ['$a..b', 15998],
  [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
];

describe('refused expressions', () => {
  test.each(refused)('%j', async (expression, code) => {
    expect(await codeOf(rows.aggregate([{ $replaceWith: { value: expression } }]).toArray())).toBe(code);
  });

  test('UTC is a time zone', async () => {
    const zoned = rows.aggregate([{ $project: { v: { $hour: { date: '$at', timezone: 'UTC' } } } }]);
    expect(exact((await zoned.toArray())[0]?.['v'])).toBe(exact(13));
  });
});
