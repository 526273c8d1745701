import { Decimal128, Double } from 'bson';
import type { Decision } from '../decision.js';
import { questionOf, type Case, type Row } from '../case.js';

function compute(expression: unknown, doc: Row = {}): Case {
  return { kind: 'pipeline', docs: [{ _id: 1, ...doc }], pipeline: [{ $project: { v: expression } }] };
}

function gives(v: unknown): Row[] {
  return [{ _id: 1, v }];
}

/** Operators that read a date. */
export const DATE_OPERATORS = [
  ...['$year', '$month', '$dayOfMonth', '$hour', '$minute', '$second', '$millisecond', '$dayOfWeek', '$dayOfYear'],
  ...['$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek', '$dateTrunc', '$dateToString'],
];

/** Questions that only the references refuse. */
export const theirRefusals: readonly Decision[] = [
  {
    id: 'mingo-refuses-missing-operands',
    by: 'mingo',
    form: 'they refuse',
    operators: [
      '$slice',
      '$mod',
      '$substrCP',
      '$concatArrays',
      '$strLenCP',
      '$last',
      '$first',
      '$toString',
      '$reverseArray',
      '$objectToArray',
      '$map',
      '$filter',
      '$reduce',
      '$mergeObjects',
      '$arrayElemAt',
      '$concat',
      '$split',
    ],
    theirs: /must resolve to|expression must|cannot convert/,
    says: 'these operators give null, or empty text, for operands that are null or missing',
    source: 'operator/aggregation/slice, mod, substrCP, concatArrays',
    cases: [
      { question: compute({ $slice: ['$l', 1] }), value: gives(null) },
      { question: compute({ $mod: ['$n', 0] }), value: gives(null) },
      { question: compute({ $substrCP: ['$s', 0, 1] }), value: gives('') },
    ],
  },
  {
    id: 'mingo-refuses-one-argument',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$round', '$trunc'],
    theirs: /expects array\(2\)/,
    says: 'the place is optional',
    source: 'operator/aggregation/round, operator/aggregation/trunc',
    cases: [{ question: compute({ $round: 1.5 }), value: gives(new Double(2)) }],
  },
  {
    id: 'mingo-refuses-single-operand',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$sum', '$avg', '$min', '$max'],
    theirs: /must resolve to array/,
    says: 'a single operand need not be an array',
    source: 'operator/aggregation/sum: behavior',
    cases: [{ question: compute({ $max: {} }), value: gives({}) }],
  },
  {
    id: 'mingo-refuses-missing-dates',
    by: 'mingo',
    form: 'they refuse',
    operators: DATE_OPERATORS,
    theirs: /cannot convert|must resolve to a valid Date/,
    says: 'parts of a missing date are null',
    source: 'operator/aggregation/year',
    cases: [{ question: compute({ $year: '$t' }), value: gives(null) }],
  },
  {
    id: 'mingo-unwind-of-no-array',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$unwind', '$unset', '$group', '$replaceWith', '$replaceRoot', '$all', '$match'],
    theirs: /expression must return an object|Cannot read properties/,
    says: 'a stage that gets no documents does nothing, and removing a path below null changes nothing',
    source: 'core/aggregation-pipeline; operator/aggregation/unset',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, a: null }], pipeline: [{ $unset: 'a.x' }] },
        value: [{ _id: 1, a: null }],
      },
    ],
  },
  {
    id: 'mongomock-refuses-operands',
    by: 'mongomock',
    form: 'they refuse',
    operators: [
      '$concatArrays',
      '$bucket',
      '$slice',
      '$trunc',
      '$size',
      '$last',
      '$first',
      '$switch',
      '$round',
      '$objectToArray',
      '$filter',
    ],
    theirs: /must be an array|only supports arrays|must evaluate to a number|could not find a matching branch/,
    says: 'expressions nest: an operand may be any expression that gives the type, a list of one is its element, text is true',
    source: 'operator/aggregation/concatArrays, slice, trunc, switch',
    cases: [
      { question: compute({ $trunc: [1] }), value: gives(1) },
      { question: compute({ $slice: [{ $concatArrays: [[1], [2]] }, 1] }), value: gives([1]) },
    ],
  },
  {
    id: 'mongomock-array-to-object',
    by: 'mongomock',
    form: 'they refuse',
    operators: ['$arrayToObject'],
    says: '$arrayToObject takes lists of pairs, and the empty list',
    source: 'operator/aggregation/arrayToObject',
    cases: [{ question: compute({ $arrayToObject: [[]] }), value: gives({}) }],
  },
  {
    id: 'mongomock-empty-set',
    by: 'mongomock',
    form: 'they refuse',
    operators: ['$set', '$addFields'],
    theirs: /must have at least one field/,
    says: '$addFields without fields changes nothing (it was refused up to version 4.2)',
    source: 'exec/add_fields_projection_executor.cpp',
    cases: [
      { question: { kind: 'pipeline', docs: [{ _id: 1 }], pipeline: [{ $addFields: {} }] }, value: [{ _id: 1 }] },
    ],
  },
  {
    id: 'eager-stages',
    by: 'both',
    form: 'they refuse',
    kinds: ['pipeline'],
    operators: ['$limit'],
    says: 'what $limit does not ask for is not computed, so it cannot fail (not written in the manual; stages pull documents)',
    source: 'core/aggregation-pipeline-optimization; pipeline/document_source_limit.cpp',
    cases: [
      {
        question: {
          kind: 'pipeline',
          docs: [{ _id: 1 }, { _id: 2, s: 'a' }],
          pipeline: [{ $set: { at: { $toDate: '$s' } } }, { $limit: 1 }],
        },
        value: [{ _id: 1, at: null }],
      },
    ],
  },
  {
    id: 'branch-not-taken',
    by: 'both',
    form: 'they refuse',
    operators: ['$cond', '$switch', '$ifNull', '$and', '$or'],
    theirs: /requires an object|must be|only supports|must resolve|must evaluate|cannot convert/,
    says: 'a branch that is not taken is not evaluated (a constant one MongoDB may refuse at once, which the manual leaves open)',
    source: 'operator/aggregation/cond, operator/aggregation/switch',
    cases: [
      {
        question: compute({ $cond: [{ $isArray: '$a' }, { $size: '$a' }, 0] }),
        value: gives(0),
      },
    ],
  },
  {
    id: 'mingo-exclusion-below-null',
    by: 'mingo',
    form: 'they refuse',
    kinds: ['projection', 'pipeline', 'update'],
    operators: ['$project', '$unset', '$set'],
    theirs: /^Cannot read properties of null/,
    says: 'leaving out a path below null changes nothing',
    source: 'operator/aggregation/project: exclude fields',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, a: [null] }], pipeline: [{ $project: { 'a.x': 0 } }] },
        value: [{ _id: 1, a: [null] }],
      },
    ],
  },
  {
    id: 'mingo-projection-below-null',
    by: 'mingo',
    form: 'they refuse',
    kinds: ['projection'],
    operators: [],
    theirs: /^Cannot read properties of null/,
    says: 'leaving out a path below null changes nothing',
    source: 'method/db.collection.find: projection',
    cases: [
      {
        question: { kind: 'projection', docs: [{ _id: 1, a: [null] }], projection: { 'a.x.y': false } },
        value: [{ _id: 1, a: [null] }],
      },
    ],
  },
  {
    id: 'mongomock-null-in-inclusion',
    by: 'mongomock',
    form: 'they refuse',
    kinds: ['pipeline', 'projection'],
    operators: ['$project'],
    theirs: /^Bad projection specification/,
    says: 'null is a value, not an exclusion',
    source: 'operator/aggregation/project',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, b: 1 }], pipeline: [{ $project: { b: 1, 'a.y': null } }] },
        value: [{ _id: 1, b: 1, a: { y: null } }],
      },
    ],
  },
  {
    id: 'mongomock-upsert-of-existing-id',
    by: 'mongomock',
    form: 'they refuse',
    kinds: ['update'],
    operators: [],
    theirs: /^E11000/,
    says: 'the case has no collection: the unique _id is not checked by the language',
    source: 'core/index-unique',
    cases: [
      {
        question: { kind: 'update', docs: [{ _id: 1 }], filter: { a: {} }, update: { _id: 1 }, upsert: true },
        value: [{ _id: 1 }, { _id: 1 }],
      },
    ],
  },
  {
    id: 'computed-into-empty-array',
    by: 'both',
    form: 'they refuse',
    kinds: ['pipeline', 'update', 'projection'],
    operators: 'any',
    when: ({ question }) =>
      /"[a-z]+\.[a-z.]+":/.test(JSON.stringify(questionOf(question))) && JSON.stringify(question.docs).includes('[]'),
    says: 'what is computed for the documents of an array is computed once for each: never, in an empty one',
    source: 'operator/aggregation/addFields: embedded documents; exec/projection_node.cpp',
    cases: [
      {
        question: {
          kind: 'pipeline',
          docs: [{ _id: 1, a: [], d: [] }],
          pipeline: [{ $set: { 'd.x': { $toLower: '$a' } } }],
        },
        value: [{ _id: 1, a: [], d: [] }],
      },
    ],
  },
  {
    id: 'mongomock-decimals',
    by: 'mongomock',
    form: 'they refuse',
    operators: 'any',
    theirs: /Decimal128/,
    says: 'a Decimal128 is a number',
    source: 'reference/bson-types: Decimal128',
    cases: [{ question: compute({ $abs: { $toDecimal: '1' } }), value: gives(Decimal128.fromString('1')) }],
  },
  {
    id: 'mingo-refuses-single-operand-of-many',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$and', '$or', '$add', '$multiply', '$concat', '$concatArrays', '$mergeObjects', '$ifNull'],
    theirs: /expects array/,
    says: 'an operator of any number of operands takes a single one without an array',
    source: 'operator/aggregation: operator expressions',
    cases: [
      { question: compute({ $multiply: '$n' }, { n: 2 }), value: gives(2) },
      { question: compute({ $or: {} }), value: gives(true) },
    ],
  },
  {
    id: 'mongomock-pops-pattern',
    by: 'mongomock',
    form: 'they refuse',
    kinds: ['update'],
    operators: ['$regex'],
    theirs: /non-array type/,
    says: 'an upsert takes over equalities only, not the pattern of $regex',
    source: 'method/db.collection.updateOne: upsert behavior',
    cases: [
      {
        question: {
          kind: 'update',
          docs: [],
          filter: { b: { $regex: 'a' } },
          update: { $pop: { b: 1 } },
          upsert: true,
        },
        value: [{}],
      },
    ],
  },
];
