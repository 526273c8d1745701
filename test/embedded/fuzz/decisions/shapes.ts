import { ObjectId } from 'bson';
import { differByEmptiness, differByNulls, docTypes, type Decision, type Disagreement } from '../decision.js';
import { isRow, questionOf, type Case, type Row } from '../case.js';
import { typesIn } from '../show.js';

function sort(docs: Row[], pattern: Row): Case {
  return { kind: 'sort', docs: docs.map((doc, i) => ({ _id: i + 1, ...doc })), sort: pattern };
}

function project(doc: Row, projection: Row): Case {
  return { kind: 'projection', docs: [{ _id: 1, ...doc }], projection };
}

function hasArrays(disagreement: Disagreement): boolean {
  const types = docTypes(disagreement);
  return types.has('array') || types.has('empty array');
}

function hasDocuments(disagreement: Disagreement): boolean {
  const types = docTypes(disagreement);
  return types.has('object') || types.has('empty object');
}

/** Disagreements about sorts, projections and distinct values. */
export const shapeDecisions: readonly Decision[] = [
  {
    id: 'sort-arrays',
    by: 'both',
    form: 'value',
    kinds: ['sort'],
    operators: [],
    when: hasArrays,
    says: 'an array sorts by its smallest element upwards and its largest downwards, an empty one before null',
    source: 'reference/bson-type-comparison-order: arrays',
    cases: [
      { question: sort([{ b: 2 }, { b: [[], 1] }], { b: 1 }), value: [2, 1] },
      { question: sort([{ l: [1, 3] }, { l: 3 }], { l: -1 }), value: [1, 2] },
      { question: sort([{}, { a: [] }, { a: null }], { a: 1 }), value: [2, 1, 3] },
      { question: sort([{ a: [], o: {} }, {}], { 'a.x.y': 1, o: 1 }), value: [2, 1] },
    ],
  },
  {
    id: 'mingo-sort-of-types',
    by: 'mingo',
    form: 'value',
    kinds: ['sort', 'pipeline'],
    operators: [],
    when: (d) => docTypes(d).has('ObjectId') && (docTypes(d).has('boolean') || docTypes(d).has('Date')),
    says: 'an ObjectId sorts before booleans and dates',
    source: 'reference/bson-type-comparison-order',
    cases: [
      { question: sort([{ b: true }, { b: new ObjectId('64b7f0a1c2d3e4f5a6b7c8d9') }], { b: 1 }), value: [2, 1] },
    ],
  },
  {
    id: 'sort-documents',
    by: 'mingo',
    form: 'value',
    kinds: ['sort'],
    operators: [],
    when: hasDocuments,
    says: 'documents sort by the type, then the name, then the value of their first field that differs',
    source: 'reference/bson-type-comparison-order: objects',
    cases: [{ question: sort([{ o: { y: 1 } }, { o: { z: null } }], { o: 1 }), value: [2, 1] }],
  },
  {
    id: 'parallel-arrays',
    by: 'both',
    form: 'we refuse',
    codes: [2],
    kinds: ['sort', 'pipeline'],
    operators: ['$sort'],
    says: 'a sort by two arrays side by side is an error',
    source: 'core/indexes/index-types/index-multikey: parallel arrays; query/sort_pattern',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, a: [], b: [] }], pipeline: [{ $sort: { a: 1, b: 1 } }] },
        code: 2,
      },
    ],
  },
  {
    id: 'parallel-arrays-in-find',
    by: 'both',
    form: 'we refuse',
    codes: [2],
    kinds: ['sort'],
    operators: [],
    says: 'a sort by two arrays side by side is an error',
    source: 'core/indexes/index-types/index-multikey: parallel arrays',
    cases: [{ question: sort([{ a: [1], b: [2] }, {}], { a: 1, b: 1 }), code: 2 }],
  },
  {
    id: 'empty-projection',
    by: 'mongomock',
    form: 'value',
    kinds: ['projection'],
    operators: [],
    when: (d) => questionOf(d.question) !== undefined && Object.keys(questionOf(d.question) as Row).length === 0,
    says: 'an empty projection keeps everything',
    source: 'method/db.collection.find: projection',
    cases: [{ question: project({ a: 1 }, {}), value: [{ _id: 1, a: 1 }] }],
  },
  {
    id: 'id-beside-exclusion',
    by: 'mingo',
    form: 'they refuse',
    kinds: ['projection', 'pipeline'],
    operators: [],
    theirs: /^Cannot do exclusion and inclusion/,
    says: '_id may be kept by name in an exclusion, and nested values keep the kind of the whole',
    source: 'method/db.collection.find: projection',
    cases: [{ question: project({ b: 1, c: 2 }, { b: 0, _id: 1 }), value: [{ _id: 1, c: 2 }] }],
  },
  {
    id: 'operators-beside-exclusion',
    by: 'mingo',
    form: 'they refuse',
    kinds: ['projection'],
    operators: ['$slice', '$elemMatch'],
    theirs: /^Cannot do exclusion and inclusion/,
    says: '$slice and $elemMatch go with inclusions and with exclusions',
    source: 'operator/projection/slice; query/projection_parser.cpp',
    cases: [
      { question: project({ l: [1, 2], s: 1 }, { l: { $slice: 1 }, s: 0 }), value: [{ _id: 1, l: [1] }] },
      { question: project({ l: [1, 2], s: 1 }, { s: 0, l: { $elemMatch: { $gt: 1 } } }), value: [{ _id: 1, l: [2] }] },
    ],
  },
  {
    id: 'slice-alone',
    by: 'both',
    form: 'value',
    kinds: ['projection'],
    operators: ['$slice'],
    when: (d) =>
      d.reference === 'mingo' ||
      Object.values(questionOf(d.question) as Row).every((field) => isRow(field) && '$slice' in field),
    says: '$slice alone keeps the other fields, cuts arrays below a path, and leaves out nothing that is missing',
    source: 'operator/projection/slice',
    cases: [
      { question: project({ d: [] }, { b: { $slice: 1 } }), value: [{ _id: 1, d: [] }] },
      {
        question: project({ o: { x: [1, 2] }, a: 1 }, { 'o.x': { $slice: 1 } }),
        value: [{ _id: 1, o: { x: [1] }, a: 1 }],
      },
    ],
  },
  {
    id: 'mongomock-slice-of-no-array',
    by: 'mongomock',
    form: 'they refuse',
    kinds: ['projection'],
    operators: ['$slice'],
    theirs: /^Unsupported type <class/,
    says: '$slice leaves alone what is no array',
    source: 'operator/projection/slice',
    cases: [{ question: project({ b: 1 }, { b: { $slice: 1 } }), value: [{ _id: 1, b: 1 }] }],
  },
  {
    id: 'mongomock-elem-match-without-id',
    by: 'mongomock',
    form: 'value',
    kinds: ['projection'],
    operators: ['$elemMatch', '$slice'],
    when: (d) => '_id' in (questionOf(d.question) as Row),
    says: '$elemMatch alone keeps itself and _id only, $slice alone all fields, whatever is said about _id',
    source: 'operator/projection/elemMatch; query/projection_parser.cpp',
    cases: [{ question: project({ l: [] }, { n: { $elemMatch: {} }, _id: 0 }), value: [{}] }],
  },
  {
    id: 'mingo-undefined-in-projection',
    by: 'mingo',
    form: 'value',
    kinds: ['projection', 'pipeline', 'update'],
    operators: ['$elemMatch', '$project'],
    when: differByEmptiness,
    says: 'what is missing is left out, and no empty documents are made for it',
    source: 'operator/aggregation/project',
    cases: [{ question: project({ d: [] }, { 'd.y': '$b' }), value: [{ _id: 1, d: [] }] }],
  },
  {
    id: 'mingo-projection-into-arrays',
    by: 'mingo',
    form: 'value',
    kinds: ['projection'],
    operators: [],
    when: (d) => differByEmptiness(d) || hasArrays(d) || typesIn(questionOf(d.question)).size > 1,
    says: 'computed fields go into every document of an array and replace what is no document; nested documents are paths',
    source: 'operator/aggregation/project: embedded documents',
    cases: [
      { question: project({ d: [] }, { 'd.x': 'a' }), value: [{ _id: 1, d: [] }] },
      { question: project({ a: 5 }, { a: { x: 1 } }), value: [{ _id: 1 }] },
      { question: project({}, { 'd.x': { w: 'a' } }), value: [{ _id: 1, d: { x: { w: 'a' } } }] },
    ],
  },
  {
    id: 'mongomock-nested-projection',
    by: 'mongomock',
    form: 'value',
    kinds: ['projection'],
    operators: [],
    when: (d) =>
      typesIn(questionOf(d.question)).has('string') ||
      typesIn(questionOf(d.question)).has('object') ||
      differByNulls(d),
    says: 'a projection may compute fields and be written as nested documents',
    source: 'method/db.collection.find: projection',
    cases: [
      { question: project({ n: 1, o: { y: 2 } }, { v: '$n', o: { y: 1 } }), value: [{ _id: 1, o: { y: 2 }, v: 1 }] },
    ],
  },
  {
    id: 'mongomock-distinct-booleans',
    by: 'mongomock',
    form: 'value',
    kinds: ['distinct'],
    operators: [],
    when: (d) => docTypes(d).has('boolean'),
    says: 'false is not 0',
    source: 'reference/bson-types; method/db.collection.distinct',
    cases: [{ question: { kind: 'distinct', docs: [{ _id: 1, c: [0, false] }], path: 'c' }, value: [0, false] }],
  },
  {
    id: 'nothing-computed-into-an-empty-array',
    by: 'both',
    form: 'value',
    kinds: ['pipeline', 'projection'],
    operators: ['$project'],
    when: (d) => docTypes(d).has('empty array') && differByEmptiness(d),
    says: 'nested fields go into the documents of an array; an empty one has none and stays',
    source: 'operator/aggregation/project: embedded documents; exec/projection_node.cpp',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, d: [] }], pipeline: [{ $project: { d: { w: '$o.z.x' } } }] },
        value: [{ _id: 1, d: [] }],
      },
    ],
  },
];
