import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeKeyValue, indexKeys, keyRange, type KeyPattern } from '../../../../embedded/store/index/index.js';
import { compileFilter, fieldBounds } from '../../../../embedded/store/query/index.js';
import {
  BSONRegExp,
  compareValues,
  Decimal128,
  Doc,
  docFromJs,
  StoreError,
  type Value,
} from '../../../../embedded/store/values/index.js';
import { numbers, values } from './arbitrary.js';

const direction = fc.constantFrom<1 | -1>(1, -1);

function code(action: () => unknown): unknown {
  try {
    return action() && undefined;
  } catch (error) {
    return error instanceof StoreError ? error.code : error;
  }
}

describe('order of index keys', () => {
  test.each([
    ['any values', values],
    ['numbers of all types', numbers],
  ])('bytes of %s order like the values, ascending and descending', (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, direction, (a, b, way) => {
        const bytes = Buffer.compare(encodeKeyValue(a, way), encodeKeyValue(b, way));
        expect(Math.sign(bytes)).toBe(Math.sign(compareValues(a, b) * way) + 0);
      }),
      { numRuns: 1500 },
    );
  });

  test('compound keys order field by field', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(values, values, direction), { minLength: 2, maxLength: 3 }), (fields) => {
        const left = Buffer.concat(fields.map(([a, , way]) => encodeKeyValue(a, way)));
        const right = Buffer.concat(fields.map(([, b, way]) => encodeKeyValue(b, way)));
        const order = fields.map(([a, b, way]) => compareValues(a, b) * way).find((each) => each !== 0) ?? 0;
        expect(Math.sign(Buffer.compare(left, right))).toBe(Math.sign(order));
      }),
      { numRuns: 1000 },
    );
  });

  test('the first byte leaves 0 and 255 free', () => {
    fc.assert(
      fc.property(values, direction, (value, way) => {
        const [first] = encodeKeyValue(value, way);
        expect(first! > 0 && first! < 255).toBe(true);
      }),
    );
  });
});

function keyCount(doc: object, pattern: KeyPattern): { keys: number; multikey: boolean; allMissing: boolean } {
  const { keys, multikey, allMissing } = indexKeys(docFromJs(doc), pattern);
  return { keys: keys.length, multikey, allMissing };
}

describe('keys of a document', () => {
  test.each<[string, object, KeyPattern, { keys: number; multikey: boolean; allMissing: boolean }]>([
    ['a scalar', { a: 1 }, [['a', 1]], { keys: 1, multikey: false, allMissing: false }],
    ['a missing field', { b: 1 }, [['a', 1]], { keys: 1, multikey: false, allMissing: true }],
    ['null', { a: null }, [['a', 1]], { keys: 1, multikey: false, allMissing: false }],
    ['an array', { a: [1, 2, 2] }, [['a', 1]], { keys: 2, multikey: true, allMissing: false }],
    ['an empty array', { a: [] }, [['a', 1]], { keys: 1, multikey: true, allMissing: false }],
    ['an array of arrays', { a: [[1, 2], [3]] }, [['a', 1]], { keys: 2, multikey: true, allMissing: false }],
    [
      'documents in an array',
      { a: [{ b: 1 }, { b: 2 }, {}] },
      [['a.b', 1]],
      { keys: 3, multikey: true, allMissing: false },
    ],
    [
      'two fields of one array',
      {
        a: [
          { b: 1, c: 1 },
          { b: 2, c: 2 },
        ],
      },
      [
        ['a.b', 1],
        ['a.c', -1],
      ],
      { keys: 2, multikey: true, allMissing: false },
    ],
    [
      'an array and a scalar',
      { a: [1, 2], b: 3 },
      [
        ['b', 1],
        ['a', 1],
      ],
      { keys: 2, multikey: true, allMissing: false },
    ],
    ['a position', { a: [5, 6] }, [['a.1', 1]], { keys: 1, multikey: false, allMissing: false }],
  ])('%s', (_name, doc, pattern, expected) => {
    expect(keyCount(doc, pattern)).toEqual(expected);
  });

  test('a sparse index has no key for what lacks the field', () => {
    const pattern: KeyPattern = [['a.b', 1]];
    expect(indexKeys(docFromJs({ a: [{ c: 1 }, { b: 2 }] }), pattern, { sparse: true }).keys).toHaveLength(1);
    expect(indexKeys(docFromJs({ x: 1 }), pattern, { sparse: true }).keys).toHaveLength(0);
  });

  test('two arrays side by side are refused', () => {
    expect(
      code(() =>
        indexKeys(docFromJs({ a: [1], b: [2] }), [
          ['a', 1],
          ['b', 1],
        ]),
      ),
    ).toBe(171);
  });

  test('a key above the limit is refused by name', () => {
    expect(code(() => indexKeys(docFromJs({ a: 'x'.repeat(1901) }), [['a', 1]]))).toBe(17280);
  });

  test('a regular expression and an out-of-range decimal are refused', () => {
    expect(code(() => indexKeys(new Doc(['a'], [new BSONRegExp('x')]), [['a', 1]]))).toBe(238);
    expect(code(() => indexKeys(new Doc(['a'], [Decimal128.fromString('1E+400')]), [['a', 1]]))).toBe(67);
  });
});

/** Whether a key range, made from the bounds of a filter, holds a document's key. */
function found(filter: Doc, doc: Doc, way: 1 | -1): { found: boolean; exact: boolean } {
  const bounds = fieldBounds(filter, { multikey: indexKeys(doc, [['a', way]]).multikey }).get('a');
  if (bounds === undefined) return { found: true, exact: false };
  const ranges =
    bounds.points === undefined
      ? [keyRange([['a', way]], [], bounds.range)]
      : bounds.points.map((point) => keyRange([['a', way]], [point]));
  const { keys } = indexKeys(doc, [['a', way]]);
  const inside = keys.some((key) => ranges.some(({ start, end }) => key.compare(start) >= 0 && key.compare(end) < 0));
  return { found: inside, exact: bounds.exact };
}

test('NaN lies in no range', () => {
  const nan = Doc.of([
    ['$eq', NaN],
    ['$lte', 0],
  ]);
  expect(found(new Doc(['a'], [nan]), new Doc(['a'], [NaN]), 1)).toEqual({ found: false, exact: true });
});

const small: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom<Value>(
    '',
    'a',
    'ab',
    'abc',
    'b',
    null,
    true,
    NaN,
    Infinity,
    -Infinity,
    1.5,
    2n,
    [],
    [1],
    [1, 'a'],
    new Date(0),
  ),
);
const operators = fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte');
const condition: fc.Arbitrary<Doc> = fc.oneof(
  fc.array(fc.tuple(operators, small), { minLength: 1, maxLength: 2 }).map((pairs) => Doc.of(pairs)),
  fc.array(small, { maxLength: 3 }).map((list) => new Doc(['$in'], [list])),
  fc.constantFrom('^a', '^ab', '^', '^a?b', 'a', '^a|b', '^ab*').map((pattern) => new Doc(['$regex'], [pattern])),
  fc.tuple(operators, small).map(([name, value]) => new Doc(['$elemMatch'], [new Doc([name], [value])])),
  fc.tuple(operators, small).map(([name, value]) => new Doc(['$not'], [new Doc([name], [value])])),
  fc.constantFrom(true, false).map((value) => new Doc(['$exists'], [value])),
  fc.array(small, { maxLength: 2 }).map((list) => new Doc(['$all'], [list])),
);
const fieldValue = fc.oneof(small, fc.array(small, { maxLength: 3 }));

describe('bounds', () => {
  test('hold every document that the filter matches, and only those where they are exact', () => {
    fc.assert(
      fc.property(condition, fc.option(fieldValue, { nil: undefined }), direction, (wanted, value, way) => {
        const filter = new Doc(['a'], [wanted]);
        const doc = value === undefined ? new Doc(['b'], [1]) : new Doc(['a'], [value]);
        const matches = compileFilter(filter)(doc);
        const result = found(filter, doc, way);
        if (matches) expect(result.found).toBe(true);
        if (result.exact && !Array.isArray(value)) expect(result.found).toBe(matches);
      }),
      { numRuns: 4000 },
    );
  });

  test('several conditions on one path narrow each other, unless arrays are involved', () => {
    const filter = docFromJs({ a: { $gte: 1 }, $and: [{ a: { $lt: 5 } }] });
    expect(fieldBounds(filter).get('a')).toEqual({
      range: { min: 1, minInclusive: true, max: 5, maxInclusive: false },
      exact: true,
    });
    expect(fieldBounds(filter, { multikey: true }).get('a')?.range?.max).toBeUndefined();
    expect(fieldBounds(docFromJs({ a: { $in: [1, 5, 9], $gt: 3 } })).get('a')?.points).toEqual([5, 9]);
  });

  test('an anchored expression is the range of its prefix', () => {
    expect(fieldBounds(docFromJs({ a: /^ab\.c/ })).get('a')).toEqual({
      range: { min: 'ab.c', minInclusive: true, max: 'ab.d', maxInclusive: false },
      exact: false,
    });
    expect(fieldBounds(docFromJs({ a: /^ab/i })).has('a')).toBe(false);
  });

  test('$elemMatch bounds the paths below the array', () => {
    const bounds = fieldBounds(docFromJs({ a: { $elemMatch: { b: 1, c: { $gt: 2 } } } }), { multikey: true });
    expect(bounds.get('a.b')?.points).toEqual([1]);
    expect(bounds.get('a.c')?.range?.min).toBe(2);
  });
});
