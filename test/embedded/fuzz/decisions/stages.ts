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

function run(docs: Row[], pipeline: Row[], other?: Row[]): Case {
  const numbered = docs.map((doc, i) => ({ _id: i + 1, ...doc }));
  const base: Case = { kind: 'pipeline', docs: numbered, pipeline };
  return other === undefined ? base : { ...base, other };
}

const STAGES = ['pipeline'] as const;

/** True when a document has no local field to join by. */
function missesLocalField(question: Case): boolean {
  const [join] = argumentsOf('$lookup', questionOf(question));
  return isRow(join) && question.docs.some((doc) => !(String(join['localField']) in doc));
}

function hasArrays(disagreement: Disagreement): boolean {
  return docTypes(disagreement).has('array') || docTypes(disagreement).has('empty array');
}

/** Disagreements about what stages do. */
export const stageDecisions: readonly Decision[] = [
  {
    id: 'mingo-empty-buckets',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$bucket'],
    when: (d) => answers(d)[1].includes('count:0') || /:0|:\[\]/.test(answers(d)[1]),
    says: '$bucket gives a document only for buckets that something fell into; a value at a limit belongs to the bucket above',
    source: 'operator/aggregation/bucket',
    cases: [
      {
        question: run([{ n: 1 }], [{ $bucket: { groupBy: '$n', boundaries: [0, 1, 3] } }]),
        value: [{ _id: 1, count: 1 }],
      },
    ],
  },
  {
    id: 'bucket-order',
    by: 'both',
    form: 'value',
    kinds: STAGES,
    operators: ['$bucket'],
    when: (d) => JSON.stringify(questionOf(d.question)).includes('"default"'),
    says: 'buckets come in the order of their _id, the default among them',
    source: 'operator/aggregation/bucket: behavior',
    cases: [
      {
        question: run([{ n: 0 }, {}], [{ $bucket: { groupBy: '$n', boundaries: [0, 1], default: null } }]),
        value: [
          { _id: null, count: 1 },
          { _id: 0, count: 1 },
        ],
      },
    ],
  },
  {
    id: 'lookup-of-nothing',
    by: 'both',
    form: 'value',
    kinds: STAGES,
    operators: ['$lookup'],
    when: ({ question }) => /\[\]|null|[a-z]\.[a-z]/.test(JSON.stringify(question)) || missesLocalField(question),
    says: 'a missing local field and an empty array join as null, with null and missing fields on the other side; others join as filters do',
    source: 'operator/aggregation/lookup; jstests lookup_equijoin_semantics_lib',
    cases: [
      {
        question: run(
          [{ l: [] }, { l: 1 }],
          [{ $lookup: { from: 'other', localField: 'l', foreignField: 'a', as: 'j' } }],
          [{ _id: 7 }, { _id: 8, a: 1 }],
        ),
        value: [
          { _id: 1, l: [], j: [{ _id: 7 }] },
          { _id: 2, l: 1, j: [{ _id: 8, a: 1 }] },
        ],
      },
      {
        question: run(
          [{}],
          [{ $lookup: { from: 'other', localField: 'l', foreignField: 'd.x', as: 'j' } }],
          [
            { _id: 7, d: [{}] },
            { _id: 8, d: [] },
          ],
        ),
        value: [{ _id: 1, j: [{ _id: 7, d: [{}] }] }],
      },
    ],
  },
  {
    id: 'mingo-lookup-by-arrays',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$lookup'],
    when: (d) => /:\[null/.test(answers(d)[1]) || /(\{_id:\d.*)\1|(\{.*\}),\2/.test(answers(d)[1]),
    says: 'an array joins by its elements; every document is found once, and nothing where nothing is equal',
    source: 'operator/aggregation/lookup: array localField',
    cases: [
      {
        question: run(
          [{ l: [1, 2] }],
          [{ $lookup: { from: 'other', localField: 'l', foreignField: 'a', as: 'j' } }],
          [{ _id: 7 }, { _id: 8, a: [1, 2, 2] }],
        ),
        value: [{ _id: 1, l: [1, 2], j: [{ _id: 8, a: [1, 2, 2] }] }],
      },
    ],
  },
  {
    id: 'mongomock-lookup-of-booleans',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$lookup'],
    when: (d) => docTypes(d).has('boolean'),
    says: 'false is not 0',
    source: 'reference/bson-types',
    cases: [
      {
        question: run(
          [{ a: false }],
          [{ $lookup: { from: 'other', localField: 'a', foreignField: 'a', as: 'j' } }],
          [{ _id: 7, a: 0 }],
        ),
        value: [{ _id: 1, a: false, j: [] }],
      },
    ],
  },
  {
    id: 'mingo-project-nested-literals',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$project'],
    when: (d) => /:\{/.test(JSON.stringify(questionOf(d.question)).slice('[{"$project":{'.length)),
    says: 'nested documents are paths, and text in them is a value',
    source: 'operator/aggregation/project: embedded documents',
    cases: [{ question: run([{}], [{ $project: { 'd.x': { w: 'a' } } }]), value: [{ _id: 1, d: { x: { w: 'a' } } }] }],
  },
  {
    id: 'mingo-unwind',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$unwind'],
    says: '$unwind takes what is no array for one element, finds no path through an array, and numbers what it keeps with null',
    source: 'operator/aggregation/unwind',
    cases: [
      {
        question: run([{ b: '' }, { b: {} }], [{ $unwind: '$b' }]),
        value: [
          { _id: 1, b: '' },
          { _id: 2, b: {} },
        ],
      },
      { question: run([{ d: [{ x: [1] }] }], [{ $unwind: '$d.x' }]), value: [] },
    ],
  },
  {
    id: 'mongomock-unwind-index',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$unwind'],
    when: (d) =>
      argumentsOf('$unwind', questionOf(d.question)).some((argument) => isRow(argument)) || docTypes(d).has('array'),
    says: 'a document that is kept without elements has the index null',
    source: 'operator/aggregation/unwind: includeArrayIndex',
    cases: [
      {
        question: run([{}], [{ $unwind: { path: '$d', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }]),
        value: [{ _id: 1, i: null }],
      },
    ],
  },
  {
    id: 'count-of-nothing',
    by: 'both',
    form: 'value',
    kinds: STAGES,
    operators: ['$count', '$group'],
    when: (d) => answers(d)[0] === '[]' || /:\[\]/.test(answers(d)[0]),
    says: 'of no documents $count and $group give none, also in $facet',
    source: 'operator/aggregation/count, operator/aggregation/group',
    cases: [
      { question: run([{}], [{ $match: { a: 1 } }, { $count: 'n' }]), value: [] },
      { question: run([{}], [{ $unwind: '$b' }, { $facet: { n: [{ $count: 'n' }] } }]), value: [{ n: [] }] },
      { question: run([{}], [{ $unwind: '$b' }, { $group: { _id: null } }]), value: [] },
    ],
  },
  {
    id: 'collect-missing',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$push', '$addToSet'],
    says: 'the accumulators $push and $addToSet leave missing values out',
    source: 'operator/aggregation/push, operator/aggregation/addToSet: missing',
    cases: [
      { question: run([{}], [{ $group: { _id: null, v: { $push: '$c' } } }]), value: [{ _id: null, v: [] }] },
      { question: run([{}], [{ $group: { _id: null, v: { $addToSet: '$c' } } }]), value: [{ _id: null, v: [] }] },
    ],
  },
  {
    id: 'group-key-document',
    by: 'both',
    form: 'value',
    kinds: STAGES,
    operators: ['$group', '$sortByCount'],
    when: (d) => differByEmptiness(d) || /_id:[[{]|:\[/.test(answers(d)[0]) || answers(d)[0].includes('_id:null'),
    says: 'a key may be a document, fields that are missing left out, or an array; a missing key is null',
    source: 'operator/aggregation/group; operator/aggregation/sortByCount',
    cases: [
      { question: run([{}], [{ $group: { _id: {} } }]), value: [{ _id: {} }] },
      {
        question: run([{ n: 1 }, { s: 'a' }], [{ $group: { _id: { k: '$n', l: '$s' } } }, { $sort: { _id: 1 } }]),
        value: [{ _id: { k: 1 } }, { _id: { l: 'a' } }],
      },
      {
        question: run([{ b: [1] }], [{ $group: { _id: '$o', v: { $last: '$b.x' } } }]),
        value: [{ _id: null, v: [] }],
      },
    ],
  },
  {
    id: 'mongomock-project-keeps-id',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$project', '$literal'],
    when: (d) =>
      differByEmptiness(d) ||
      (answers(d)[0].includes('_id:') && !answers(d)[1].includes('_id:')) ||
      /:\[[^\]]|:\{|\.[a-z]/.test(JSON.stringify(questionOf(d.question)).slice('[{"$project":{'.length)),
    says: '$project keeps _id when only computed fields are named, and computes literals, arrays and nested paths',
    source: 'operator/aggregation/project',
    cases: [{ question: run([{ a: 1 }], [{ $project: { v: [] } }]), value: [{ _id: 1, v: [] }] }],
  },
  {
    id: 'mongomock-numbers-include',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$project'],
    when: (d) => /:-?[0-9.e+]+[,}]/.test(JSON.stringify(questionOf(d.question))),
    says: 'any number but 0 includes the field; a number as a value is written with $literal',
    source: 'operator/aggregation/project: include fields',
    cases: [{ question: run([{ a: 1 }], [{ $project: { v: 2, a: 2 } }]), value: [{ _id: 1, a: 1 }] }],
  },
  {
    id: 'mongomock-set-computes',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$set', '$addFields'],
    says: 'a computed field may be an array of expressions, goes into arrays, and makes the documents above it',
    source: 'operator/aggregation/addFields',
    cases: [
      { question: run([{}], [{ $set: { v: ['$o'] } }]), value: [{ _id: 1, v: [null] }] },
      { question: run([{}], [{ $addFields: { 'd.v': '$l' } }]), value: [{ _id: 1, d: {} }] },
      { question: run([{ d: [] }], [{ $addFields: { 'd.v': 1 } }]), value: [{ _id: 1, d: [] }] },
      { question: run([{ l: [] }], [{ $set: { c: '$l.0' } }]), value: [{ _id: 1, l: [], c: [] }] },
    ],
  },
  {
    id: 'mongomock-replace-root',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$replaceRoot', '$replaceWith'],
    when: (d) => differByNulls(d) || /\[/.test(answers(d)[0]),
    says: 'a new root is an expression like any other: missing fields are left out',
    source: 'operator/aggregation/replaceRoot',
    cases: [{ question: run([{ l: [] }], [{ $replaceWith: { x: '$l.0' } }]), value: [{ x: [] }] }],
  },
  {
    id: 'mingo-replace-root',
    by: 'mingo',
    form: 'value',
    kinds: STAGES,
    operators: ['$replaceRoot', '$replaceWith'],
    when: differByEmptiness,
    says: 'a path through an array gives an array, and missing is not null',
    source: 'operator/aggregation/replaceRoot',
    cases: [{ question: run([{ l: [] }], [{ $replaceRoot: { newRoot: { x: '$l.0' } } }]), value: [{ x: [] }] }],
  },
  {
    id: 'pipeline-sort-order',
    by: 'both',
    form: 'value',
    kinds: STAGES,
    operators: ['$sort', '$limit', '$skip'],
    when: (d) => d.operators.includes('$sort'),
    says: '$sort follows the order of types; arrays by their smallest or largest element, documents field by field',
    source: 'operator/aggregation/sort; reference/bson-type-comparison-order',
    cases: [
      {
        question: run([{ a: [], b: 'a' }, {}], [{ $sort: { 'a.x.y': 1, b: 1 } }]),
        value: [{ _id: 2 }, { _id: 1, a: [], b: 'a' }],
      },
      {
        question: run([{ o: { x: [] } }, { o: { y: {} } }], [{ $sort: { o: 1 } }]),
        value: [
          { _id: 2, o: { y: {} } },
          { _id: 1, o: { x: [] } },
        ],
      },
    ],
  },
  {
    id: 'mongomock-lookup-of-empty-document',
    by: 'mongomock',
    form: 'value',
    kinds: STAGES,
    operators: ['$lookup'],
    when: (d) => docTypes(d).has('empty object'),
    says: 'an empty document equals empty documents only',
    source: 'operator/aggregation/lookup; tutorial/query-embedded-documents',
    cases: [
      {
        question: run(
          [{ a: {} }],
          [{ $lookup: { from: 'other', localField: 'a', foreignField: 'a', as: 'j' } }],
          [{ _id: 7 }, { _id: 8, a: {} }],
        ),
        value: [{ _id: 1, a: {}, j: [{ _id: 8, a: {} }] }],
      },
    ],
  },
  {
    id: 'position-in-expression',
    by: 'both',
    form: 'value',
    kinds: ['filter', 'pipeline', 'update', 'projection'],
    operators: 'any',
    when: (d) => /"\$[a-z.]+\.\d/.test(JSON.stringify(questionOf(d.question))) && hasArrays(d),
    says: 'a number in the path of an expression names a field, not a position: through an array it finds an array',
    source: 'core/aggregation-pipeline: field paths; operator/aggregation/arrayElemAt',
    cases: [
      { question: run([{ l: [1] }], [{ $project: { v: '$l.0' } }]), value: [{ _id: 1, v: [] }] },
      { question: { kind: 'filter', docs: [{ _id: 1, d: [] }], filter: { $expr: '$d.1' } }, value: [1] },
    ],
  },
];
