import { Double, Long } from 'bson';
import {
  answers,
  argumentsOf,
  differByEmptiness,
  differByNulls,
  docTypes,
  type Decision,
  type Disagreement,
} from '../decision.js';
import { isRow, questionOf, type Case, type Row } from '../case.js';

function compute(expression: unknown, doc: Row = {}): Case {
  return { kind: 'pipeline', docs: [{ _id: 1, ...doc }], pipeline: [{ $project: { v: expression } }] };
}

function gives(v: unknown): Row[] {
  return [{ _id: 1, v }];
}

function isOne(argument: unknown): boolean {
  return Array.isArray(argument) && argument.length === 1;
}

function isByMonths(argument: unknown): boolean {
  return isRow(argument) && (argument['unit'] === 'month' || argument['unit'] === 'quarter');
}

/** True when $min or $max have several operands. */
function hasOperandList({ question }: Disagreement): boolean {
  const extremes = [...argumentsOf('$min', questionOf(question)), ...argumentsOf('$max', questionOf(question))];
  return extremes.some((argument) => Array.isArray(argument) && argument.length > 1);
}

const KINDS = ['pipeline', 'update', 'filter', 'projection'] as const;
const COMPARISONS = ['$lt', '$lte', '$gt', '$gte', '$cmp'];
const LEAVES = [
  ...['$filter', '$map', '$reduce', '$let', '$first', '$last', '$min', '$max', '$sum', '$avg', '$toLower', '$toUpper'],
  ...['$dateToString', '$dateTrunc', '$year', '$month', '$dayOfMonth', '$hour', '$minute', '$second', '$millisecond'],
  ...['$dayOfWeek', '$dayOfYear', '$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek', '$arrayElemAt', '$slice'],
  ...['$concatArrays', '$reverseArray', '$concat', '$substrCP', '$split', '$add', '$subtract', '$multiply', '$divide'],
  ...['$mod', '$abs', '$floor', '$ceil', '$round', '$trunc', '$cond', '$ifNull', '$switch', '$mergeObjects', '$size'],
  ...['$objectToArray', '$arrayToObject', '$getField', '$toInt', '$toLong', '$toDouble', '$toDecimal', '$toString'],
  ...['$toDate', '$toBool', '$literal', '$range', '$in', '$push', '$group', '$sortByCount'],
];

/** Disagreements about values of expressions. */
export const expressionDecisions: readonly Decision[] = [
  {
    id: 'mingo-compares-one-type',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: COMPARISONS,
    says: 'comparisons in expressions follow the order of types: missing, null, numbers, text, documents, arrays ...',
    source: 'operator/aggregation/gt: compares both value and type; reference/bson-type-comparison-order',
    cases: [
      { question: compute({ $lt: [1, 'a'] }), value: gives(true) },
      { question: compute({ $gt: ['$n', '$missing'] }, { n: null }), value: gives(true) },
      { question: compute({ $cmp: ['$l', 1] }, { l: [] }), value: gives(1) },
      { question: compute({ $gte: ['$missing', '$missing2'] }), value: gives(true) },
    ],
  },
  {
    id: 'missing-equals-null',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$eq', '$ne', '$in'],
    when: (d) => d.reference === 'mingo' || JSON.stringify(d.question).includes('null'),
    says: 'in expressions a missing field does not equal null',
    source: 'reference/bson-type-comparison-order: non-existent fields; operator/aggregation/eq',
    cases: [
      { question: compute({ $eq: [null, '$a'] }), value: gives(false) },
      { question: compute({ $ne: ['$a', null] }), value: gives(true) },
    ],
  },
  {
    id: 'not-of-equality-with-list',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$not'],
    when: ({ question }) =>
      argumentsOf('$not', questionOf(question))
        .filter(Array.isArray)
        .some((list) => argumentsOf('$eq', list).some((sides) => Array.isArray(sides) && sides.some(Array.isArray))),
    says: 'a list makes null of what is missing in it, and is never equal to a missing field',
    source: 'pipeline/expression.cpp, ExpressionArray; operator/aggregation/eq, operator/aggregation/not',
    cases: [{ question: compute({ $not: [{ $eq: [['$d'], '$c'] }] }), value: gives(true) }],
  },
  {
    id: 'mingo-array-to-object-missing',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$arrayToObject'],
    when: differByNulls,
    says: 'an array makes null of what is missing, so the field is null',
    source: 'operator/aggregation/arrayToObject',
    cases: [{ question: compute({ $arrayToObject: [[['a', '$t']]] }), value: gives({ a: null }) }],
  },
  {
    id: 'mingo-repeated-names',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$arrayToObject'],
    when: (d) => /\[\[\[?"?[^\]]*\],\[/.test(JSON.stringify(questionOf(d.question))),
    says: 'of pairs with the same name the last one counts',
    source: 'operator/aggregation/arrayToObject: behavior',
    cases: [
      {
        question: compute({
          $arrayToObject: {
            $literal: [
              ['a', 1],
              ['a', 2],
            ],
          },
        }),
        value: gives({ a: 2 }),
      },
    ],
  },
  {
    id: 'mingo-literal-into-arrays',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$literal'],
    when: (d) => docTypes(d).has('array') || docTypes(d).has('empty array'),
    says: 'a computed path goes into every document of an array',
    source: 'operator/aggregation/project',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, d: [] }], pipeline: [{ $project: { 'd.x': { $literal: 1 } } }] },
        value: [{ _id: 1, d: [] }],
      },
    ],
  },
  {
    id: 'case-of-null',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$toLower', '$toUpper'],
    says: '$toLower and $toUpper give empty text for null, and change A to Z only',
    source: 'operator/aggregation/toUpper',
    cases: [
      { question: compute({ $toUpper: '$s' }), value: gives('') },
      { question: compute({ $toUpper: 'é' }), value: gives('é') },
    ],
  },
  {
    id: 'null-results',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: LEAVES,
    when: differByNulls,
    says: 'an operator whose operand is missing gives null, a missing element of a list is null, and null fields are kept',
    source: 'operator/aggregation/add and others: null and missing',
    cases: [
      { question: compute({ $filter: { input: '$d', cond: '$a' } }), value: gives(null) },
      { question: compute({ $hour: '$t' }), value: gives(null) },
      { question: compute({ $last: '$d' }), value: gives(null) },
      {
        question: compute({ $arrayElemAt: [{ $map: { input: '$l', in: '$a' } }, -1] }, { l: [1] }),
        value: gives(null),
      },
    ],
  },
  {
    id: 'mongomock-expressions-in-arrays',
    by: 'mongomock',
    form: 'value',
    kinds: KINDS,
    operators: LEAVES,
    when: (d) => /\[\{("\$|\$)?/.test(JSON.stringify(questionOf(d.question))) && answers(d)[1].includes('$'),
    says: 'the elements of an array are expressions',
    source: 'operator/aggregation: expressions',
    cases: [{ question: compute([{ $substrCP: ['a', 1, 1] }]), value: gives(['']) }],
  },
  {
    id: 'mongomock-let-of-missing',
    by: 'mongomock',
    form: 'value',
    kinds: KINDS,
    operators: ['$let'],
    says: 'a variable may be missing; the expression is evaluated all the same',
    source: 'operator/aggregation/let',
    cases: [{ question: compute({ $let: { vars: { v: '$d' }, in: 'a' } }), value: gives('a') }],
  },
  {
    id: 'mongomock-truth',
    by: 'mongomock',
    form: 'value',
    kinds: KINDS,
    operators: ['$filter', '$cond', '$switch', '$and', '$or', '$not', '$map', '$expr'],
    says: 'documents, arrays and text are true, and a missing input gives null',
    source: 'operator/aggregation/and: boolean evaluation',
    cases: [{ question: compute({ $filter: { input: [1], cond: {} } }), value: gives([1]) }],
  },
  {
    id: 'mongomock-sum-of-missing',
    by: 'mongomock',
    form: 'value',
    kinds: KINDS,
    operators: ['$sum', '$min', '$max', '$avg'],
    says: '$sum of nothing numeric is 0; $min, $max and $avg of a single value look at that value',
    source: 'operator/aggregation/sum',
    cases: [
      { question: compute({ $sum: '$l' }), value: gives(0) },
      { question: compute({ $min: {} }), value: gives({}) },
    ],
  },
  {
    id: 'mongomock-numbers-as-text',
    by: 'mongomock',
    form: 'value',
    kinds: KINDS,
    operators: ['$toString', '$dateToString', '$strLenCP', '$concat', '$type'],
    says: 'a double that is whole is written without a point, a date with seconds and milliseconds',
    source: 'operator/aggregation/toString',
    cases: [
      { question: compute({ $toString: new Double(1) }), value: gives('1') },
      { question: compute({ $toString: new Date(0) }), value: gives('1970-01-01T00:00:00.000Z') },
    ],
  },
  {
    id: 'date-formats',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$dateToString', '$week'],
    when: (d) => d.operators.includes('$week') || /%[uwUVGj%]/.test(JSON.stringify(questionOf(d.question))),
    says: '%w counts from Sunday = 1, %u from Monday = 1, %U weeks from the first Sunday, %% is a percent sign',
    source: 'operator/aggregation/dateToString: format specifiers',
    cases: [
      {
        question: compute({ $dateToString: { format: '%u %w %Y%%', date: new Date('2025-01-01T00:00:00Z') } }),
        value: gives('3 4 2025%'),
      },
      { question: compute({ $week: new Date('2024-02-29T12:30:45Z') }), value: gives(8) },
    ],
  },
  {
    id: 'date-less-fraction',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$subtract'],
    when: (d) => argumentsOf('$subtract', questionOf(d.question)).flat().includes(1.5),
    says: 'only whole milliseconds are subtracted from a date',
    source: 'pipeline/expression.cpp, $subtract',
    cases: [{ question: compute({ $subtract: [new Date(10), 1.5] }), value: gives(new Date(9)) }],
  },
  {
    id: 'mingo-types-of-numbers',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$type', '$toString', '$toInt', '$toLong', '$isNumber'],
    says: 'numbers have four types; they are handed to mingo as one',
    source: 'operator/aggregation/type',
    cases: [{ question: compute({ $type: Long.fromNumber(1) }), value: gives('long') }],
  },
  {
    id: 'mingo-truth-of-text',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$not', '$and', '$or', '$cond', '$switch', '$filter', '$toBool'],
    when: (d) => /true|false/.test(answers(d)[0]) || JSON.stringify(d.question).includes('""'),
    says: 'empty text is true',
    source: 'operator/aggregation/and: boolean evaluation; operator/aggregation/toBool',
    cases: [{ question: compute({ $not: '' }), value: gives(false) }],
  },
  {
    id: 'extremes-of-operands',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$min', '$max', '$avg', '$sum'],
    when: (d) => d.reference === 'mingo' || docTypes(d).has('array') || hasOperandList(d),
    says: '$min and $max leave out null and missing operands and take a single array as the list of operands',
    source: 'operator/aggregation/max, operator/aggregation/min',
    cases: [
      { question: compute({ $max: [1, '$a'] }), value: gives(1) },
      { question: compute({ $min: ['$a'] }, { a: [] }), value: gives(null) },
      { question: compute({ $max: [{}, '$b.x'] }, { b: ['a'] }), value: gives([]) },
      {
        question: {
          kind: 'pipeline',
          docs: [{ _id: 3 }],
          pipeline: [{ $group: { _id: 'a', sum1: { $sum: { $max: [1, '$n'] } } } }],
        },
        value: [{ _id: 'a', sum1: 1 }],
      },
    ],
  },
  {
    id: 'extremes-of-an-array-as-numbers',
    by: 'both',
    form: 'they refuse',
    kinds: KINDS,
    operators: ['$min', '$max'],
    theirs: /must (resolve|evaluate) to a? ?number/,
    when: (d) =>
      argumentsOf('$min', questionOf(d.question))
        .concat(argumentsOf('$max', questionOf(d.question)))
        .some(isOne),
    says: 'a list of one expression is that expression: an array is looked through, and an empty one gives null',
    source: 'operator/aggregation/min: behavior',
    cases: [{ question: compute({ $ceil: { $min: ['$b'] } }, { b: [] }), value: gives(null) }],
  },
  {
    id: 'mingo-missing-and-null',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: [...LEAVES, '$project', '$addFields', '$set', '$unwind'],
    when: (d) =>
      differByEmptiness(d) || /undefined|\[\]/.test(answers(d).join()) || d.operators.includes('$objectToArray'),
    says: 'missing is not null: fields and entries that are missing are left out, a path through an array gives an array',
    source: 'core/aggregation-pipeline: field paths; operator/aggregation/objectToArray',
    cases: [
      { question: compute({ $objectToArray: { y: '$a' } }), value: gives([]) },
      { question: compute('$d.x.0', { d: { x: [] } }), value: gives([]) },
    ],
  },
  {
    id: 'mingo-trunc-to-months',
    by: 'mingo',
    form: 'value',
    kinds: KINDS,
    operators: ['$dateTrunc'],
    when: (d) => argumentsOf('$dateTrunc', questionOf(d.question)).some(isByMonths),
    says: 'the first months of 1970 belong to 1970',
    source: 'operator/aggregation/dateTrunc',
    cases: [
      {
        question: compute({ $dateTrunc: { date: { $toDate: '$n' }, unit: 'quarter' } }, { n: 2.5 }),
        value: gives(new Date(0)),
      },
    ],
  },
  {
    id: 'missing-beside-object-to-array',
    by: 'both',
    form: 'value',
    kinds: KINDS,
    operators: ['$objectToArray'],
    when: (d) => d.operators.some((name) => ['$ne', '$eq', ...COMPARISONS].includes(name)),
    says: '$objectToArray gives null for what is missing, and missing is not null',
    source: 'operator/aggregation/objectToArray; reference/bson-type-comparison-order',
    cases: [{ question: compute({ $ne: ['$s', { $objectToArray: '$o' }] }), value: gives(true) }],
  },
];
