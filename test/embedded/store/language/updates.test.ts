import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileFilter } from '../../../../embedded/store/query/index.js';
import { compileUpdate } from '../../../../embedded/store/update/index.js';
import {
  Doc,
  encodeDoc,
  identicalValues,
  StoreError,
  Timestamp,
  type Value,
} from '../../../../embedded/store/values/index.js';
import { values } from './arbitrary.js';

const small: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<Value>('a', null, true, 1.5, 2n, new Doc(['x'], [1])),
);
const field: fc.Arbitrary<Value> = fc.oneof(
  small,
  fc.array(small, { maxLength: 4 }),
  fc.array(
    small.map((value) => new Doc(['x', 'y'], [value, [value]])),
    { maxLength: 3 },
  ),
);
const source = fc
  .tuple(field, field, field)
  .map(([a, b, c]) => new Doc(['_id', 'a', 'b', 'c'], [1, a, b, new Doc(['d'], [c])]));

const path = fc.constantFrom('a', 'b', 'c.d', 'c.e', 'a.1', 'a.x', 'a.0.y', 'z', 'a.$[]', 'b.$[].x', 'c.d.$[].y');
const change: fc.Arbitrary<[string, Value]> = fc.oneof(
  fc.tuple(fc.constantFrom('$set', '$min', '$max', '$push', '$addToSet', '$pull'), field),
  fc.tuple(fc.constantFrom('$inc', '$mul'), fc.constantFrom<Value>(0, 1, 2.5, 3n)),
  fc.tuple(fc.constant('$pop'), fc.constantFrom<Value>(1, -1)),
  fc.tuple(fc.constantFrom('$unset', '$currentDate'), fc.constant<Value>(true)),
  fc.tuple(
    fc.constant('$push'),
    fc.array(small, { maxLength: 3 }).map((each) => new Doc(['$each', '$sort', '$slice'], [each, 1, -3])),
  ),
);
const update = fc
  .array(fc.tuple(change, path), { minLength: 1, maxLength: 3 })
  .map((steps) => Doc.of(steps.map(([[name, value], at]) => [name, new Doc([at], [value])])));

const context = { isInsert: false, now: new Date(5), timestamp: () => new Timestamp({ t: 5, i: 1 }) };

/** The result of an update; undefined when it is refused. */
function applied(doc: Doc, modifiers: Doc): { doc: Doc; changed: boolean } | undefined {
  try {
    return compileUpdate(modifiers).apply(doc, context);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

describe('updates', () => {
  test('never change the document they are given, and say whether the result differs', () => {
    fc.assert(
      fc.property(source, update, (doc, modifiers) => {
        const before = encodeDoc(doc);
        const result = applied(doc, modifiers);
        expect(encodeDoc(doc).equals(before)).toBe(true);
        if (result === undefined) return;
        expect(result.changed).toBe(!encodeDoc(result.doc).equals(before));
        expect(result.doc.get('_id')).toBe(1);
      }),
      { numRuns: 3000 },
    );
  });

  test('$set of any value stores exactly that value', () => {
    fc.assert(
      fc.property(source, values, (doc, value) => {
        const result = compileUpdate(new Doc(['$set'], [new Doc(['c.e'], [value])])).apply(doc, context);
        expect(identicalValues((result.doc.get('c') as Doc).get('e')!, value)).toBe(true);
      }),
    );
  });
});

describe('filters', () => {
  test('$in finds what equality with one of its values finds, however long it is', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 12 }), field, (list, value) => {
        const doc = new Doc(['a'], [value]);
        const among = compileFilter(new Doc(['a'], [new Doc(['$in'], [list])]))(doc);
        const each = list.some((wanted) => compileFilter(new Doc(['a'], [new Doc(['$eq'], [wanted])]))(doc));
        expect(among).toBe(each);
      }),
      { numRuns: 2000 },
    );
  });
});
