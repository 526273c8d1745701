import type { Decision } from '../decision.js';
import type { Case, Row } from '../case.js';

function compute(expression: unknown, doc: Row = {}): Case {
  return { kind: 'pipeline', docs: [{ _id: 1, ...doc }], pipeline: [{ $project: { v: expression } }] };
}

function gives(v: unknown): Row[] {
  return [{ _id: 1, v }];
}

function update(doc: Row, change: Row): Case {
  return { kind: 'update', docs: [{ _id: 1, ...doc }], filter: { _id: 1 }, update: change };
}

const MODIFIERS = ['$set', '$unset', '$inc', '$mul', '$min', '$max', '$rename', '$currentDate', '$bit'];
const ARRAY_MODIFIERS = ['$push', '$addToSet', '$pull', '$pullAll', '$pop'];
const DATES = [
  ...['$year', '$month', '$dayOfMonth', '$hour', '$minute', '$second', '$millisecond', '$dayOfWeek', '$dayOfYear'],
  ...['$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek', '$dateTrunc', '$dateToString'],
];

/** Questions that only the references refuse. */
const theirs: readonly Decision[] = [
  {
    id: 'mingo-refuses-missing-operands',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$slice', '$mod', '$substrCP', '$concatArrays', '$strLenCP', '$last', '$first', '$toString', '$reverseArray'],
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
    cases: [{ question: compute({ $round: 1.5 }), value: gives(2) }],
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
    operators: DATES,
    theirs: /cannot convert/,
    says: 'parts of a missing date are null',
    source: 'operator/aggregation/year',
    cases: [{ question: compute({ $year: '$t' }), value: gives(null) }],
  },
  {
    id: 'mingo-unwind-of-no-array',
    by: 'mingo',
    form: 'they refuse',
    operators: ['$unwind', '$unset', '$group', '$replaceWith', '$replaceRoot'],
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
    operators: ['$concatArrays', '$slice', '$trunc', '$size', '$last', '$first', '$switch', '$round', '$objectToArray', '$filter'],
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
    cases: [{ question: { kind: 'pipeline', docs: [{ _id: 1 }], pipeline: [{ $addFields: {} }] }, value: [{ _id: 1 }] }],
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
];

/** Questions that only the store refuses, as MongoDB does. */
const store: readonly Decision[] = [
  {
    id: 'path-not-viable',
    by: 'both',
    form: 'we refuse',
    codes: [28],
    kinds: ['update'],
    operators: [...MODIFIERS, ...ARRAY_MODIFIERS, '$setOnInsert'],
    says: 'no field can be made inside a number, text, null, or by name inside an array: PathNotViable',
    source: 'reference/error-codes: 28; operator/update/set',
    cases: [
      { question: update({ b: 1 }, { $set: { 'b.x': null } }), code: 28 },
      { question: update({ d: [] }, { $inc: { 'd.x': 1 } }), code: 28 },
    ],
  },
  {
    id: 'wrong-type-for-modifier',
    by: 'both',
    form: 'we refuse',
    codes: [14],
    kinds: ['update'],
    operators: [...MODIFIERS, ...ARRAY_MODIFIERS],
    says: '$inc, $mul and $pop refuse fields and arguments of other types: TypeMismatch',
    source: 'operator/update/inc, mul, pop; reference/error-codes: 14',
    cases: [
      { question: update({ o: {} }, { $inc: { o: 1 } }), code: 14 },
      { question: update({ c: 'a' }, { $pop: { c: 1 } }), code: 14 },
    ],
  },
  {
    id: 'bad-value-for-modifier',
    by: 'both',
    form: 'we refuse',
    codes: [2],
    kinds: ['update'],
    operators: [...MODIFIERS, ...ARRAY_MODIFIERS],
    says: 'array operators refuse other fields, $rename refuses paths through arrays, $bit other than integers, a placeholder needs an array',
    source: 'operator/update/push, pull, rename, bit, positional-all',
    cases: [
      { question: update({ c: null }, { $push: { c: 1 } }), code: 2 },
      { question: update({ a: [] }, { $rename: { 'a.x': 'y' } }), code: 2 },
      { question: update({ s: 'a' }, { $bit: { s: { and: 1 } } }), code: 2 },
      { question: update({ d: [{}] }, { $set: { 'd.$[].x.$[]': 1 } }), code: 2 },
    ],
  },
  {
    id: 'upsert-matched-twice',
    by: 'mongomock',
    form: 'we refuse',
    codes: [54],
    kinds: ['update'],
    operators: ['$all', '$and', '$setOnInsert', '$eq', ...MODIFIERS, ...ARRAY_MODIFIERS],
    says: 'a filter that gives a path two values cannot be inserted: NotSingleValueField',
    source: 'reference/error-codes: 54',
    cases: [
      {
        question: { kind: 'update', docs: [], filter: { d: { $all: ['a', 1] } }, update: { $set: { e: 1 } }, upsert: true },
        code: 54,
      },
    ],
  },
  {
    id: 'numbers-only',
    by: 'both',
    form: 'we refuse',
    codes: [14, 16610, 16611, 28765, 51081],
    operators: ['$add', '$subtract', '$multiply', '$divide', '$mod', '$abs', '$floor', '$ceil', '$round', '$trunc'],
    says: 'arithmetic refuses what is neither number nor null (nor a date in $add and $subtract), and $mod by zero',
    source: 'operator/aggregation/add, mod, abs',
    cases: [
      { question: compute({ $subtract: [{}, 1] }), code: 14 },
      { question: compute({ $mod: ['$a', 1] }, { a: true }), code: 16611 },
      { question: compute({ $mod: [1, '$n'] }, { n: 0 }), code: 16610 },
      { question: compute({ $abs: '$l' }, { l: [] }), code: 28765 },
    ],
  },
  {
    id: 'text-only',
    by: 'both',
    form: 'we refuse',
    codes: [16007, 16702, 34471, 40085, 40086],
    operators: ['$toLower', '$toUpper', '$substrCP', '$concat', '$strLenCP', '$split'],
    says: 'text operators refuse arrays, documents and booleans; $concat everything but text and null, $strLenCP everything but text',
    source: 'operator/aggregation/concat, toLower, strLenCP',
    cases: [
      { question: compute({ $toLower: '$l' }, { l: [] }), code: 16007 },
      { question: compute({ $concat: ['$a'] }, { a: {} }), code: 16702 },
      { question: compute({ $strLenCP: '$missing' }), code: 34471 },
    ],
  },
  {
    id: 'substring-bounds',
    by: 'both',
    form: 'we refuse',
    codes: [34450, 34451, 34452, 34453, 34454, 34455],
    operators: ['$substrCP'],
    says: '$substrCP takes whole numbers of 0 or more',
    source: 'operator/aggregation/substrCP',
    cases: [{ question: compute({ $substrCP: ['a', 1, -7] }), code: 34454 }],
  },
  {
    id: 'arrays-only',
    by: 'both',
    form: 'we refuse',
    codes: [16883, 17124, 28651, 28664, 28689, 28724, 34435, 40080, 40081],
    operators: ['$map', '$size', '$filter', '$concatArrays', '$arrayElemAt', '$first', '$last', '$slice', '$reverseArray', '$reduce', '$in'],
    says: 'array operators refuse other types; $size and $in also null and missing',
    source: 'operator/aggregation/size, in, arrayElemAt, filter',
    cases: [
      { question: compute({ $size: '$d' }), code: 17124 },
      { question: compute({ $in: ['$n', 'a'] }), code: 40081 },
      { question: compute({ $first: '$a' }, { a: 'x' }), code: 28689 },
      { question: compute({ $filter: { input: '$a', cond: {} } }, { a: {} }), code: 28651 },
      { question: compute({ $reverseArray: '$o' }, { o: {} }), code: 34435 },
    ],
  },
  {
    id: 'argument-count',
    by: 'both',
    form: 'we refuse',
    codes: [16020],
    operators: ['$reverseArray', '$size', '$last', '$first', '$toBool', '$not', '$isArray', '$isNumber', '$abs', '$floor', '$ceil', '$type', '$toString', '$toLower', '$toUpper', '$toInt', '$toLong', '$toDouble', '$toDecimal', '$toDate', '$strLenCP', '$objectToArray'],
    says: 'an array is the list of arguments, so a literal one has to be in another array',
    source: 'operator/aggregation: operator expressions',
    cases: [
      { question: compute({ $reverseArray: [] }), code: 16020 },
      { question: compute({ $last: [1, 1] }), code: 16020 },
    ],
  },
  {
    id: 'conversion-failure',
    by: 'both',
    form: 'we refuse',
    codes: [241],
    operators: ['$toDate', '$toString', '$toInt', '$toLong', '$toDouble', '$toDecimal', '$toObjectId'],
    says: 'int32 does not become a date, dates no int32, documents no text, and text has to be a whole number or an ISO date',
    source: 'operator/aggregation/toDate, toString, toInt',
    cases: [
      { question: compute({ $toDate: '$n' }, { n: 1 }), code: 241 },
      { question: compute({ $toDate: '1' }), code: 241 },
      { question: compute({ $toInt: new Date(0) }), code: 241 },
      { question: compute({ $toString: '$c' }, { c: {} }), code: 241 },
    ],
  },
  {
    id: 'documents-only',
    by: 'both',
    form: 'we refuse',
    codes: [40400, 40228, 40390, 16006],
    operators: ['$mergeObjects', '$unwind', '$replaceRoot', '$replaceWith', '$objectToArray', ...DATES],
    says: '$mergeObjects and a new root want documents, parts of dates want dates',
    source: 'operator/aggregation/mergeObjects, replaceRoot, year',
    cases: [
      { question: compute({ $mergeObjects: ['$a'] }, { a: 1 }), code: 40400 },
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, s: '' }], pipeline: [{ $replaceRoot: { newRoot: '$s' } }] },
        code: 40228,
      },
      { question: compute({ $year: '$s' }, { s: 'a' }), code: 16006 },
    ],
  },
  {
    id: 'switch-without-branch',
    by: 'both',
    form: 'we refuse',
    codes: [40066],
    operators: ['$switch', '$bucket'],
    says: '$switch without a true branch, and $bucket without a bucket, need a default',
    source: 'operator/aggregation/switch, operator/aggregation/bucket',
    cases: [{ question: compute({ $switch: { branches: [{ case: '$a', then: 1 }] } }), code: 40066 }],
  },
  {
    id: 'sort-by-count-of-literal',
    by: 'both',
    form: 'we refuse',
    codes: [40149],
    operators: ['$sortByCount'],
    says: '$sortByCount takes a field path or an operator expression',
    source: 'operator/aggregation/sortByCount',
    cases: [{ question: { kind: 'pipeline', docs: [{ _id: 1 }], pipeline: [{ $sortByCount: {} }] }, code: 40149 }],
  },
  {
    id: 'mixed-projection',
    by: 'mongomock',
    form: 'we refuse',
    codes: [31252, 31253, 31254, 31270],
    kinds: ['projection', 'pipeline', 'update'],
    operators: ['$project', '$slice', '$elemMatch'],
    says: 'inclusion and exclusion do not mix, also in nested documents',
    source: 'method/db.collection.find: projection',
    cases: [
      { question: compute({ x: '$o', y: false }), code: 31254 },
    ],
  },
];

/** Disagreements about whether a question is in order. */
export const refusalDecisions: readonly Decision[] = [...theirs, ...store];
