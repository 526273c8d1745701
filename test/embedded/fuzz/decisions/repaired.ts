import type { Decided } from '../decision.js';

/** What the comparison found wrong in the store: the smallest case of each fault, with the answer it now gives. */
export const repaired: readonly (readonly [says: string, source: string, decided: Decided])[] = [
  [
    'expressions do not look into arrays of arrays',
    'pipeline/expression.cpp, field paths',
    {
      question: { kind: 'pipeline', docs: [{ _id: 1, b: [['a'], { x: 1 }] }], pipeline: [{ $project: { v: '$b.x' } }] },
      value: [{ _id: 1, v: [1] }],
    },
  ],
  [
    '$slice with _id: 1 keeps its own field',
    'query/projection_parser.cpp',
    {
      question: { kind: 'projection', docs: [{ _id: 1, a: [1] }], projection: { a: { $slice: 1 }, _id: 1 } },
      value: [{ _id: 1, a: [1] }],
    },
  ],
  [
    '$slice and $elemMatch may stand beside an exclusion',
    'query/projection_parser.cpp',
    {
      question: {
        kind: 'projection',
        docs: [{ _id: 1, d: { y: 1, z: 2 }, o: [1, 2] }],
        projection: { 'd.y': false, o: { $slice: 1 }, c: { $elemMatch: {} } },
      },
      value: [{ _id: 1, d: { z: 2 }, o: [1] }],
    },
  ],
  [
    'a fraction of a millisecond is cut off before it is subtracted from a date',
    'pipeline/expression.cpp, $subtract',
    {
      question: {
        kind: 'pipeline',
        docs: [{ _id: 1 }],
        pipeline: [{ $project: { v: { $subtract: [new Date(10), 1.6] } } }],
      },
      value: [{ _id: 1, v: new Date(9) }],
    },
  ],
  [
    '$bit refuses null',
    'operator/update/bit',
    {
      question: {
        kind: 'update',
        docs: [{ _id: 1, n: null }],
        filter: { _id: 1 },
        update: { $bit: { n: { and: 1 } } },
      },
      code: 2,
    },
  ],
];
