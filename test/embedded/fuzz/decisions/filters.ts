import { BSONRegExp } from 'bson';
import { argumentsOf, docTypes, type Decision, type Disagreement } from '../decision.js';
import { isRow, questionOf, type Case, type Row } from '../case.js';
import { typesIn } from '../show.js';

/** Filters stand in `find`, in `$match`, in upserts and in array filters. */
const WITH_FILTERS = ['filter', 'pipeline', 'update', 'projection'] as const;

function filter(docs: Row[], query: Row): Case {
  return { kind: 'filter', docs: docs.map((doc, i) => ({ _id: i + 1, ...doc })), filter: query };
}

function asked({ question }: Disagreement): Set<string> {
  return typesIn(questionOf(question));
}

/** True when one of the operators' arguments, or an element of it, satisfies the test. */
function anyArgument(names: readonly string[], test: (argument: unknown) => boolean): NonNullable<Decision['when']> {
  return ({ question }) =>
    names.some((name) =>
      argumentsOf(name, questionOf(question)).some(
        (argument) => test(argument) || (Array.isArray(argument) && (argument as unknown[]).some(test)),
      ),
    );
}

/** Disagreements about filters. */
export const filterDecisions: readonly Decision[] = [
  {
    id: 'all-of-no-array',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$all'],
    when: anyArgument(['$all'], (argument) => !isRow(argument) || !('$elemMatch' in argument)),
    says: '$all is $and of equalities: it matches a field that is no array, and a whole array inside the list',
    source: 'operator/query/all',
    cases: [
      { question: filter([{ s: 'a' }, { s: ['a', 'b'] }], { s: { $all: ['a'] } }), value: [1, 2] },
      { question: filter([{ b: [] }, { b: [1] }], { b: { $all: [[]] } }), value: [1] },
      { question: filter([{}, { b: 1 }], { b: { $all: [null] } }), value: [1] },
    ],
  },
  {
    id: 'null-range',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$gte', '$lte'],
    when: anyArgument(['$gte', '$lte'], (argument) => argument === null),
    says: '$gte and $lte of null match null and missing fields, as equality with null does',
    source: 'reference/bson-type-comparison-order; matcher/expression_leaf.cpp',
    cases: [{ question: filter([{}, { a: null }, { a: 1 }], { a: { $gte: null } }), value: [1, 2] }],
  },
  {
    id: 'array-range',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$gt', '$gte', '$lt', '$lte'],
    when: anyArgument(['$gt', '$gte', '$lt', '$lte'], Array.isArray),
    says: 'arrays compare element by element in the order of types; the array and the arrays in it are both looked at',
    source: 'reference/bson-type-comparison-order: arrays',
    cases: [
      { question: filter([{ l: [] }, { l: [1] }, { l: 1 }], { l: { $lte: [] } }), value: [1] },
      { question: filter([{ d: [{}] }, { d: [1] }], { d: { $gt: [2] } }), value: [1] },
      { question: filter([{ c: [[]] }], { c: { $lte: [] } }), value: [1] },
    ],
  },
  {
    id: 'mingo-object-range',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$gt', '$gte', '$lt', '$lte'],
    when: anyArgument(['$gt', '$gte', '$lt', '$lte'], isRow),
    says: 'documents compare field by field: type first, then name, then value',
    source: 'reference/bson-type-comparison-order: objects',
    cases: [
      { question: filter([{ o: { z: 'a' } }, { o: { a: true } }], { o: { $gte: { y: true } } }), value: [] },
      { question: filter([{ d: { y: 1 } }, { d: { z: null } }], { d: { $lt: { y: 1 } } }), value: [2] },
    ],
  },
  {
    id: 'mingo-range-in-nested-arrays',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$gt', '$gte', '$lt', '$lte', '$mod', '$regex', '$exists'],
    when: (d) => (docTypes(d).has('array') || docTypes(d).has('empty array')) && /\./.test(pathsOf(d).join()),
    says: 'a path goes through documents in arrays, not through arrays in arrays',
    source: 'tutorial/query-array-of-documents',
    cases: [{ question: filter([{ b: [[1]] }, { b: [{ x: 1 }] }], { 'b.x': { $lt: 5 } }), value: [2] }],
  },
  {
    id: 'mingo-equality-in-nested-arrays',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: (d) => (docTypes(d).has('array') || docTypes(d).has('empty array')) && pathsOf(d).join().includes('.'),
    says: 'a path through an array finds the fields of its documents only; an empty array has none, not even missing ones',
    source: 'tutorial/query-array-of-documents; jstests null_query_semantics',
    cases: [
      { question: filter([{ b: [] }], { 'b.x': [] }), value: [] },
      { question: filter([{ d: [['a']] }], { 'd.x.0': 'a' }), value: [] },
      { question: filter([{ a: [{}] }, { a: [] }], { 'a.x.y': null }), value: [1] },
    ],
  },
  {
    id: 'position-or-name',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: (d) => /\.\d/.test(pathsOf(d).join()) && asked(d).has('null') && hasObjects(d),
    says: 'a number in a path is a position and also a name in the documents of the array, which do not have it',
    source: 'matcher/path.cpp: BSONElementIterator::more; jstests null_query_semantics',
    cases: [
      { question: filter([{ d: [{ x: 1 }] }, { d: [] }], { 'd.0.x': null }), value: [1] },
      { question: filter([{ d: [{}] }, { d: [1] }], { 'd.0': null }), value: [1] },
    ],
  },
  {
    id: 'array-in-list',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$in', '$nin'],
    when: anyArgument(['$in', '$nin'], Array.isArray),
    says: 'a value in the list of $in may be an array, which equals the whole field or an element of it',
    source: 'operator/query/in',
    cases: [
      { question: filter([{ l: [10] }, { l: [] }], { l: { $in: [[10]] } }), value: [1] },
      { question: filter([{ l: [] }, { l: [1] }], { l: { $nin: [[]] } }), value: [2] },
    ],
  },
  {
    id: 'mingo-type-in-arrays',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$type'],
    when: (d) => docTypes(d).has('array') || d.operators.includes('$not') || docTypes(d).has('ObjectId'),
    says: '$type looks at the elements of an array too; "number" is an alias',
    source: 'operator/query/type: arrays',
    cases: [
      { question: filter([{ d: [{ x: '' }] }, { d: [{ x: 1 }] }], { 'd.x': { $type: 'string' } }), value: [1] },
      { question: filter([{ l: [1] }], { l: { $type: 'number' } }), value: [1] },
      { question: filter([{ c: 1 }], { c: { $not: { $type: 'long' } } }), value: [1] },
    ],
  },
  {
    id: 'mingo-mod',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$mod'],
    says: '$mod cuts numbers to integers and matches numbers only',
    source: 'operator/query/mod',
    cases: [
      { question: filter([{ l: -0.5 }, { l: 1.5 }], { l: { $mod: [1, 0] } }), value: [1, 2] },
      { question: filter([{ c: [[]] }, { c: new Date(0) }], { c: { $mod: [1, 0] } }), value: [] },
    ],
  },
  {
    id: 'size-of-other-than-arrays',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$size'],
    says: '$size matches arrays only',
    source: 'operator/query/size',
    cases: [{ question: filter([{ s: 'a' }, { s: ['a'] }, { s: {} }], { s: { $size: 1 } }), value: [2] }],
  },
  {
    id: 'whole-path-as-array',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$size', '$elemMatch'],
    when: (d) => pathsOf(d).join().includes('.'),
    says: 'below an array of documents each value is looked at by itself; the list of them is no array',
    source: 'operator/query/size, operator/query/elemMatch',
    cases: [
      { question: filter([{ b: [{ x: 1 }] }], { 'b.x': { $size: 1 } }), value: [] },
      { question: filter([{ d: [{ x: 1 }, { x: [1] }] }], { 'd.x': { $elemMatch: { $eq: 1 } } }), value: [1] },
    ],
  },
  {
    id: 'mongomock-empty-document',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$match', '$facet', '$and', '$or', '$nor', '$count', '$elemMatch'],
    when: (d) => asked(d).has('empty object'),
    says: 'equality with {} matches the empty document, not every value',
    source: 'tutorial/query-embedded-documents',
    cases: [{ question: { kind: 'pipeline', docs: [{ _id: 1, s: 1 }], pipeline: [{ $match: { s: {} } }] }, value: [] }],
  },
  {
    id: 'mongomock-empty-document-field',
    by: 'mongomock',
    form: 'value',
    kinds: ['filter', 'update'],
    operators: [],
    when: (d) => asked(d).has('empty object'),
    says: 'equality with {} matches the empty document, not a missing field',
    source: 'tutorial/query-embedded-documents',
    cases: [{ question: filter([{}, { s: {} }], { s: {} }), value: [2] }],
  },
  {
    id: 'mongomock-missing-below-scalar',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$not', '$ne', '$nin', '$in', '$exists', '$nor', '$eq'],
    when: (d) => pathsOf(d).join().includes('.'),
    says: 'a path that a document does not have is missing, whatever stands on the way, and in each document of an array',
    source: 'tutorial/query-for-null-fields; jstests null_query_semantics',
    cases: [
      { question: filter([{ a: 1 }], { 'a.0': { $not: { $gt: 1 } } }), value: [1] },
      { question: filter([{ d: [{}, { x: '' }] }], { 'd.x': { $exists: false } }), value: [] },
    ],
  },
  {
    id: 'mongomock-null-below-scalar',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: (d) => pathsOf(d).join().includes('.') && asked(d).has('null'),
    says: 'equality with null matches a path that leads nowhere',
    source: 'tutorial/query-for-null-fields',
    cases: [{ question: filter([{ a: 1 }], { 'a.0': null }), value: [1] }],
  },
  {
    id: 'mongomock-true-equals-one',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$eq', '$ne', '$in', '$nin', '$all', '$not', '$elemMatch'],
    when: booleanMeetsNumber,
    says: 'true is not 1',
    source: 'reference/bson-types',
    cases: [{ question: filter([{ c: 1 }, { c: true }], { c: { $in: [true] } }), value: [2] }],
  },
  {
    id: 'mongomock-true-is-one-in-equality',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: booleanMeetsNumber,
    says: 'true is not 1',
    source: 'reference/bson-types',
    cases: [{ question: filter([{ c: 1 }, { c: true }], { c: true }), value: [2] }],
  },
  {
    id: 'mingo-regex-one-level',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$regex'],
    when: (d) => d.question.docs.some((doc) => nested(doc)),
    says: 'a field is looked at with the elements of its array, not with the elements of arrays in it',
    source: 'tutorial/query-arrays',
    cases: [{ question: filter([{ c: [['ab']] }, { c: ['ab'] }], { c: { $regex: 'b$' } }), value: [2] }],
  },
  {
    id: 'mingo-regex-literal-one-level',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: (d) => asked(d).has('BSONRegExp') && docTypes(d).has('array'),
    says: 'a field is looked at with the elements of its array, not with the elements of arrays in it',
    source: 'tutorial/query-arrays',
    cases: [{ question: filter([{ c: [['ab']] }, { c: ['ab'] }], { c: new BSONRegExp('b$') }), value: [2] }],
  },
  {
    id: 'mongomock-regex-beside-others',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$regex'],
    when: (d) => d.operators.length > 1,
    says: 'operators beside $regex have to hold too',
    source: 'operator/query/regex',
    cases: [{ question: filter([{ s: 'a' }, { s: 'ab' }], { s: { $regex: 'a', $gt: 'a' } }), value: [2] }],
  },
  {
    id: 'elem-match-of-arrays',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$elemMatch'],
    when: (d) =>
      docTypes(d).has('array') && (docTypes(d).has('empty array') || d.question.docs.some((doc) => nested(doc))),
    says: 'an element that is an array is compared as a whole by operators, and read as a document of its positions by a filter',
    source: 'operator/query/elemMatch; matcher/expression_array.cpp',
    cases: [
      { question: filter([{ b: [[]] }, { b: [1] }], { b: { $elemMatch: {} } }), value: [1] },
      { question: filter([{ b: [['1']] }, { b: ['1'] }], { b: { $elemMatch: { $lt: 'a' } } }), value: [2] },
    ],
  },
  {
    id: 'mingo-elem-match-of-scalars',
    by: 'mingo',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$elemMatch'],
    when: anyArgument(['$elemMatch'], (argument) => isRow(argument) && !Object.keys(argument)[0]?.startsWith('$')),
    says: 'a filter of fields matches elements that are documents only',
    source: 'operator/query/elemMatch',
    cases: [{ question: filter([{ c: [1] }, { c: [{ z: 1 }] }], { c: { $elemMatch: { z: 1 } } }), value: [2] }],
  },
  {
    id: 'element-as-whole',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [],
    when: (d) => /\.\d/.test(pathsOf(d).join()) && docTypes(d).has('array'),
    says: 'an element that the path names by position is looked at as a whole, not also element by element',
    source: 'matcher/path_test.cpp: ArrayIndex2',
    cases: [{ question: filter([{ a: [{}, [1.5]] }, { a: [0, 1.5] }], { 'a.1': 1.5 }), value: [2] }],
  },
  {
    id: 'mongomock-null-below-scalar-in-match',
    by: 'mongomock',
    form: 'value',
    kinds: ['pipeline'],
    operators: ['$match'],
    when: (d) => pathsOf(d).join().includes('.') && asked(d).has('null'),
    says: 'equality with null matches a path that leads nowhere',
    source: 'tutorial/query-for-null-fields',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, a: 1 }], pipeline: [{ $match: { 'a.y': null } }] },
        value: [{ _id: 1, a: 1 }],
      },
    ],
  },
  {
    id: 'mongomock-equality-with-array',
    by: 'mongomock',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$eq', '$ne'],
    when: (d) => anyArgument(['$eq', '$ne'], Array.isArray)(d) && docTypes(d).has('array'),
    says: 'equality with an array looks at the field and at the arrays in it',
    source: 'tutorial/query-arrays',
    cases: [{ question: filter([{ c: [[true]] }, { c: true }], { c: { $eq: [true] } }), value: [1] }],
  },
  {
    id: 'mingo-expr-of-empty-array',
    by: 'mingo',
    form: 'value',
    kinds: ['filter', 'pipeline'],
    operators: ['$expr'],
    when: (d) => docTypes(d).has('array') || docTypes(d).has('empty array') || asked(d).has('string'),
    says: 'a path through an array gives an array, and arrays and text are true',
    source: 'core/aggregation-pipeline: field paths; operator/aggregation/and',
    cases: [{ question: filter([{ l: [] }, {}], { $expr: '$l.1' }), value: [1] }],
  },
  {
    id: 'mongomock-expr-of-document',
    by: 'mongomock',
    form: 'value',
    kinds: ['filter', 'pipeline'],
    operators: ['$expr'],
    when: (d) => asked(d).has('empty object') || asked(d).has('object'),
    says: 'a document is true',
    source: 'operator/aggregation/and: boolean evaluation',
    cases: [{ question: filter([{}], { $expr: {} }), value: [1] }],
  },
  {
    id: 'mongomock-elem-match-operators',
    by: 'mongomock',
    form: 'they refuse',
    operators: ['$elemMatch'],
    theirs: /^unknown top level operator|needs an Object|filter must be an expression/,
    says: '$elemMatch takes operators for elements that are no documents',
    source: 'operator/query/elemMatch',
    cases: [{ question: filter([{ l: ['a', 1] }], { l: { $elemMatch: { $regex: 'a' } } }), value: [1] }],
  },
];

function hasObjects(disagreement: Disagreement): boolean {
  return docTypes(disagreement).has('object') || docTypes(disagreement).has('empty object');
}

/** True when there is an array in an array. */
function nested(value: unknown, inside = false): boolean {
  if (Array.isArray(value)) return inside || (value as unknown[]).some((element) => nested(element, true));
  return isRow(value) && Object.values(value).some((field) => nested(field));
}

/** True when one side has a boolean and the other a number. */
function booleanMeetsNumber(disagreement: Disagreement): boolean {
  const [there, here] = [docTypes(disagreement), asked(disagreement)];
  const number = (types: Set<string>): boolean =>
    ['int', 'double', 'Double', 'Long', 'Decimal128'].some((name) => types.has(name));
  return (there.has('boolean') && number(here)) || (here.has('boolean') && number(there));
}

/** The field paths that a question names. */
function pathsOf({ question }: Disagreement): string[] {
  const paths: string[] = [];
  collectPaths(questionOf(question), paths);
  return paths;
}

function collectPaths(value: unknown, paths: string[]): void {
  if (Array.isArray(value)) for (const element of value as unknown[]) collectPaths(element, paths);
  else if (isRow(value)) {
    for (const [key, field] of Object.entries(value)) {
      if (!key.startsWith('$')) paths.push(key);
      collectPaths(field, paths);
    }
  }
}
