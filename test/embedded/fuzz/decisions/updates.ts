import { answers, argumentsOf, differByEmptiness, docTypes, type Decision, type Disagreement } from '../decision.js';
import { isRow, questionOf, type Case, type Row } from '../case.js';

function update(doc: Row, change: Row | Row[], arrayFilters?: Row[]): Case {
  const base: Case = { kind: 'update', docs: [{ _id: 1, ...doc }], filter: { _id: 1 }, update: change };
  return arrayFilters === undefined ? base : { ...base, arrayFilters };
}

function upsert(filter: Row, change: Row): Case {
  return { kind: 'update', docs: [], filter, update: change, upsert: true };
}

const UPDATES = ['update'] as const;
const MODIFIERS = ['$set', '$unset', '$inc', '$mul', '$min', '$max', '$rename', '$currentDate', '$bit', '$setOnInsert'];
const ARRAY_MODIFIERS = ['$push', '$addToSet', '$pull', '$pullAll', '$pop', '$each'];

function isPipeline({ question }: Disagreement): boolean {
  return question.kind === 'update' && Array.isArray(question.update);
}

/** True when a modifier's path has a position or a placeholder in it. */
function hasPosition({ question }: Disagreement): boolean {
  if (question.kind !== 'update' || !isRow(question.update)) return false;
  return Object.values(question.update).some(
    (fields) => isRow(fields) && /\.(\d|\$\[)/.test(Object.keys(fields).join()),
  );
}

/** True when $set or $addFields names a path through an array that their answer leaves as it was. */
function leavesArrayAlone({ question, theirs }: Disagreement): boolean {
  const computed = ['$set', '$addFields'].flatMap((name) => argumentsOf(name, questionOf(question)));
  const paths = computed.flatMap((fields) => (isRow(fields) ? Object.keys(fields) : []));
  const given = 'value' in theirs && Array.isArray(theirs.value) ? (theirs.value as unknown[]).filter(isRow) : [];
  return paths
    .filter((path) => path.includes('.'))
    .map((path) => path.split('.')[0]!)
    .some((name) => question.docs.some((doc) => Array.isArray(doc[name]) && given.some((row) => same(row, doc, name))));
}

function same(row: Row, doc: Row, name: string): boolean {
  return row['_id'] === doc['_id'] && JSON.stringify(row[name]) === JSON.stringify(doc[name]);
}

/** Disagreements about updates that give different documents. */
export const updateDecisions: readonly Decision[] = [
  {
    id: 'pipeline-keeps-id',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: ['$replaceRoot', '$replaceWith', '$project', '$arrayToObject', '$mergeObjects', '$literal', '$ifNull'],
    when: (d) => isPipeline(d) && answers(d)[0].includes('_id:1') && !answers(d)[1].includes('_id:1'),
    says: 'an update by stages keeps the _id of the document',
    source: 'tutorial/update-documents-with-aggregation-pipeline',
    cases: [{ question: update({ a: 1 }, [{ $replaceRoot: { newRoot: {} } }]), value: [{ _id: 1 }] }],
  },
  {
    id: 'positions-past-the-end',
    by: 'both',
    form: 'value',
    kinds: UPDATES,
    operators: [...MODIFIERS, ...ARRAY_MODIFIERS],
    when: (d) => !isPipeline(d) && hasPosition(d) && !argumentsOf('$unset', questionOf(d.question)).length,
    says: 'a position past the end of an array fills it up with nulls; a placeholder stands for the elements themselves',
    source: 'operator/update/set; operator/update/positional-filtered',
    cases: [
      { question: update({ l: [] }, { $set: { 'l.2': 1 } }), value: [{ _id: 1, l: [null, null, 1] }] },
      { question: update({ l: [1] }, { $max: { 'l.$[]': 3 } }), value: [{ _id: 1, l: [3] }] },
    ],
  },
  {
    id: 'unset-element',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: ['$unset'],
    when: hasPosition,
    says: 'removing an element leaves null in its place',
    source: 'operator/update/unset',
    cases: [
      { question: update({ l: [1] }, { $unset: { 'l.$[]': '' } }), value: [{ _id: 1, l: [null] }] },
      { question: update({ l: [1] }, { $unset: { 'l.0': '' } }), value: [{ _id: 1, l: [null] }] },
    ],
  },
  {
    id: 'mingo-array-filters',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: [
      ...MODIFIERS,
      '$type',
      '$mod',
      '$elemMatch',
      '$all',
      '$gte',
      '$lte',
      '$gt',
      '$lt',
      '$in',
      '$nin',
      '$not',
    ],
    when: ({ question }) => question.kind === 'update' && (question.arrayFilters ?? []).length > 0,
    says: 'an array filter is a filter of the element like any other',
    source: 'operator/update/positional-filtered',
    cases: [
      {
        question: update({ d: [{}] }, { $set: { 'd.$[e].x': 0 } }, [{ 'e.x': null }]),
        value: [{ _id: 1, d: [{ x: 0 }] }],
      },
    ],
  },
  {
    id: 'nested-set-in-pipeline',
    by: 'both',
    form: 'value',
    kinds: ['update', 'pipeline'],
    operators: ['$set', '$addFields'],
    says: 'a computed path makes the documents it needs, goes into every element of an array, and replaces other values',
    source: 'operator/aggregation/addFields: embedded documents',
    when: (d) =>
      (d.question.kind === 'pipeline' || isPipeline(d)) &&
      (differByEmptiness(d) || /[a-z]\.[a-z]|:\{"[a-z]+":\{"[a-z]/.test(JSON.stringify(questionOf(d.question)))),
    cases: [
      { question: update({ d: [{}] }, [{ $set: { 'd.x.y': 1 } }]), value: [{ _id: 1, d: [{ x: { y: 1 } }] }] },
      { question: update({}, [{ $set: { 'o.new': '$c' } }]), value: [{ _id: 1, o: {} }] },
      { question: update({ o: { z: 1 } }, [{ $set: { o: { w: 2 } } }]), value: [{ _id: 1, o: { z: 1, w: 2 } }] },
      { question: update({ d: 1 }, [{ $addFields: { 'd.x': 2 } }]), value: [{ _id: 1, d: { x: 2 } }] },
      { question: update({ d: [] }, [{ $set: { y: '$d.1.x' } }]), value: [{ _id: 1, d: [], y: [] }] },
    ],
  },
  {
    id: 'computed-path-makes-parents',
    by: 'both',
    form: 'value',
    kinds: ['update', 'pipeline'],
    operators: 'any',
    when: (d) =>
      [...argumentsOf('$set', questionOf(d.question)), ...argumentsOf('$addFields', questionOf(d.question))].some(
        (fields) => isRow(fields) && Object.keys(fields).some((path) => path.includes('.')),
      ) && /:\{(\w+:null)?\}/.test(answers(d)[0]),
    says: 'a computed path makes the documents above it, or replaces what stands there, even when its value is missing',
    source: 'operator/aggregation/addFields: embedded documents; exec/projection_node.cpp',
    cases: [
      { question: update({}, [{ $set: { 'd.v': '$d.y' } }]), value: [{ _id: 1, d: {} }] },
      { question: update({ a: 1 }, [{ $set: { 'a.y': { $ifNull: ['$c', '$c'] } } }]), value: [{ _id: 1, a: {} }] },
    ],
  },
  {
    id: 'computed-into-elements',
    by: 'both',
    form: 'value',
    kinds: ['update', 'pipeline'],
    operators: 'any',
    when: leavesArrayAlone,
    says: 'a computed path goes into every document of an array, whatever the expression reads',
    source: 'operator/aggregation/addFields: embedded documents; exec/projection_node.cpp',
    cases: [
      {
        question: {
          kind: 'pipeline',
          docs: [{ _id: 1, d: [{}] }],
          pipeline: [{ $set: { 'd.v': { $eq: [1, '$o'] } } }],
        },
        value: [{ _id: 1, d: [{ v: false }] }],
      },
    ],
  },
  {
    id: 'mingo-missing-parents',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: [
      '$set',
      '$addFields',
      '$let',
      '$getField',
      '$arrayElemAt',
      '$reduce',
      '$ifNull',
      '$cond',
      '$switch',
      '$first',
      '$last',
      '$arrayToObject',
      '$max',
      '$min',
      '$objectToArray',
      '$map',
      '$filter',
    ],
    when: (d) => isPipeline(d) && differByEmptiness(d),
    says: 'a missing value leaves its field out but makes the documents above it; null is a value',
    source: 'operator/aggregation/addFields',
    cases: [{ question: update({}, [{ $set: { 'o.new': { $arrayElemAt: [[], 1] } } }]), value: [{ _id: 1, o: {} }] }],
  },
  {
    id: 'mingo-min-max-order',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: ['$min', '$max'],
    when: (d) => !isPipeline(d),
    says: '$min and $max compare in the order of types, and arrays and documents as wholes',
    source: 'operator/update/min, operator/update/max',
    cases: [
      { question: update({ l: [] }, { $max: { l: 1 } }), value: [{ _id: 1, l: [] }] },
      { question: update({ l: [] }, { $min: { l: 1 } }), value: [{ _id: 1, l: 1 }] },
      { question: update({ o: [new Date(0)] }, { $max: { o: new Date(0) } }), value: [{ _id: 1, o: new Date(0) }] },
    ],
  },
  {
    id: 'upsert-equalities',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: [
      '$all',
      '$setOnInsert',
      '$regex',
      '$elemMatch',
      '$not',
      '$and',
      '$in',
      '$eq',
      ...MODIFIERS,
      ...ARRAY_MODIFIERS,
    ],
    when: ({ question }) => question.kind === 'update' && question.upsert === true,
    says: 'an upsert takes over the equalities of its filter, also those in $and and $all, and nothing of other operators',
    source: 'method/db.collection.updateOne: upsert behavior; update/update_driver.cpp',
    cases: [
      { question: upsert({ $and: [{ s: 'a' }] }, { $setOnInsert: {} }), value: [{ s: 'a' }] },
      { question: upsert({ b: { $all: [1] } }, { $setOnInsert: {} }), value: [{ b: 1 }] },
      { question: upsert({ a: { $regex: 'a' } }, { $setOnInsert: {} }), value: [{}] },
    ],
  },
  {
    id: 'mongomock-parents-for-removal',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: ['$pullAll', '$pull', '$pop', '$unset'],
    when: differByEmptiness,
    says: 'taking something away from a missing field makes nothing',
    source: 'operator/update/pullAll',
    cases: [{ question: update({}, { $pullAll: { 'o.z': [1] } }), value: [{ _id: 1 }] }],
  },
  {
    id: 'mongomock-true-is-one',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: ['$pullAll', '$addToSet', '$pull'],
    when: (d) => docTypes(d).has('boolean') || /true|false/.test(answers(d)[0]),
    says: 'true is not 1',
    source: 'reference/bson-types',
    cases: [{ question: update({ b: [0] }, { $addToSet: { b: false } }), value: [{ _id: 1, b: [0, false] }] }],
  },
  {
    id: 'mongomock-add-to-set-each',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: ['$each'],
    when: (d) => d.operators.includes('$addToSet'),
    says: 'values that repeat in $each are added once',
    source: 'operator/update/addToSet',
    cases: [{ question: update({}, { $addToSet: { a: { $each: [1, 1] } } }), value: [{ _id: 1, a: [1] }] }],
  },
  {
    id: 'mingo-add-to-set-keeps',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: ['$addToSet'],
    says: '$addToSet leaves repeated elements that are there already',
    source: 'operator/update/addToSet',
    cases: [{ question: update({ l: [1, 1] }, { $addToSet: { l: 2 } }), value: [{ _id: 1, l: [1, 1, 2] }] }],
  },
  {
    id: 'mingo-push-sort',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: ['$push'],
    when: (d) =>
      argumentsOf('$sort', questionOf(d.question)).length + argumentsOf('$slice', questionOf(d.question)).length > 0,
    says: '$sort of $push compares in the order of types; elements that are no documents have none of the fields; $slice 0 empties',
    source: 'operator/update/sort, operator/update/slice',
    cases: [
      { question: update({ b: [] }, { $push: { b: { $each: [1, []], $sort: 1 } } }), value: [{ _id: 1, b: [1, []] }] },
      { question: update({}, { $push: { l: { $each: [1], $slice: 0 } } }), value: [{ _id: 1, l: [] }] },
    ],
  },
  {
    id: 'mingo-pull-all-wholes',
    by: 'mingo',
    form: 'value',
    kinds: UPDATES,
    operators: ['$pullAll', '$pull'],
    when: (d) => docTypes(d).has('array') && /\[\[/.test(answers(d).join()),
    says: 'elements that are arrays are compared as wholes',
    source: 'operator/update/pullAll',
    cases: [
      { question: update({ a: [[-1], -1] }, { $pullAll: { a: [-1] } }), value: [{ _id: 1, a: [[-1]] }] },
      { question: update({ a: [[], 1] }, { $pullAll: { a: [[]] } }), value: [{ _id: 1, a: [1] }] },
    ],
  },
  {
    id: 'mongomock-push-sort-of-types',
    by: 'mongomock',
    form: 'value',
    kinds: UPDATES,
    operators: ['$push'],
    when: (d) => argumentsOf('$sort', questionOf(d.question)).length > 0,
    says: '$sort of $push follows the order of types: numbers before booleans',
    source: 'operator/update/sort; reference/bson-type-comparison-order',
    cases: [
      {
        question: update({ l: [3] }, { $push: { l: { $each: [true, 1], $sort: 1 } } }),
        value: [{ _id: 1, l: [1, 3, true] }],
      },
    ],
  },
  {
    id: 'pull-documents',
    by: 'both',
    form: 'value',
    kinds: UPDATES,
    operators: ['$pull'],
    when: (d) =>
      d.reference === 'mingo' ||
      argumentsOf('$pull', questionOf(d.question)).some(
        (fields) =>
          isRow(fields) &&
          Object.values(fields).some((condition) => isRow(condition) && !Object.keys(condition)[0]?.startsWith('$')),
      ),
    says: 'a condition without operators is a filter of elements that are documents',
    source: 'operator/update/pull',
    cases: [{ question: update({ b: ['a', {}] }, { $pull: { b: {} } }), value: [{ _id: 1, b: ['a'] }] }],
  },
  {
    id: 'mingo-shared-documents',
    by: 'mingo',
    form: 'value',
    kinds: ['update', 'pipeline'],
    operators: ['$unset'],
    when: (d) => JSON.stringify(questionOf(d.question)).includes('$$ROOT'),
    says: 'a copy of the document is not changed by later stages',
    source: 'core/aggregation-pipeline',
    cases: [
      {
        question: update({ o: { x: 1 } }, [{ $set: { new: '$$ROOT' } }, { $unset: 'o.x' }]),
        value: [{ _id: 1, o: {}, new: { _id: 1, o: { x: 1 } } }],
      },
    ],
  },
];
