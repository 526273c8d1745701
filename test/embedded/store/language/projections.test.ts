import { expect, test } from '@jest/globals';
import { compileProjection } from '../../../../embedded/store/query/index.js';
import { docFromJs, docToJs } from '../../../../embedded/store/values/index.js';

const source = { _id: 1, a: [1, 2], b: [{ x: 1 }, { x: 2 }], c: 3, d: { e: 4 } };

/**
 * [what the server's rules say (projection_parser.cpp, "computeProjectionType"; manual: "$slice (projection)"),
 * projection, result].
 */
test.each([
  ['$slice alone keeps the other fields', { a: { $slice: 1 } }, { ...source, a: [1] }],
  [
    '$slice with _id: 0 keeps the other fields',
    { a: { $slice: 1 }, _id: 0 },
    { a: [1], b: source.b, c: 3, d: { e: 4 } },
  ],
  ['$slice with _id: 1 keeps itself and _id', { a: { $slice: 1 }, _id: 1 }, { _id: 1, a: [1] }],
  ['$slice before $elemMatch', { a: { $slice: 1 }, b: { $elemMatch: { x: 2 } } }, { ...source, a: [1], b: [{ x: 2 }] }],
  ['$elemMatch with _id: 0 keeps itself', { b: { $elemMatch: { x: 2 } }, _id: 0 }, { b: [{ x: 2 }] }],
  [
    '$slice and $elemMatch beside an exclusion',
    { c: 0, a: { $slice: 1 }, b: { $elemMatch: { x: 2 } } },
    { _id: 1, a: [1], b: [{ x: 2 }], d: { e: 4 } },
  ],
  [
    '$slice and $elemMatch beside an inclusion',
    { c: 1, a: { $slice: 1 }, b: { $elemMatch: { x: 2 } } },
    { _id: 1, a: [1], b: [{ x: 2 }], c: 3 },
  ],
  ['$slice beside a nested exclusion', { d: { e: 0 }, a: { $slice: 1 } }, { ...source, a: [1], d: {} }],
  ['$slice beside a nested inclusion', { d: { e: 1 }, a: { $slice: 1 } }, { _id: 1, a: [1], d: { e: 4 } }],
  ['_id: 1 beside an exclusion', { _id: 1, a: 0, b: 0, c: 0 }, { _id: 1, d: { e: 4 } }],
])('%s', (_says, projection, result) => {
  const projected = compileProjection(docFromJs(projection))(docFromJs(source));
  expect(docToJs(projected)).toEqual(result);
});
