import { BSONRegExp } from 'bson';
import { argumentsOf, docTypes, type Decision } from '../decision.js';
import { isRow, questionOf } from '../case.js';
import { WITH_FILTERS, filter, asked, anyArgument, hasObjects, nested, pathsOf } from './filter-shapes.js';

/** Disagreements about the paths of filters and the arrays on them. */
export const filterPathDecisions: readonly Decision[] = [
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
    id: 'mingo-equality-in-nested-arrays-in-match',
    by: 'mingo',
    form: 'value',
    kinds: ['filter', 'pipeline'],
    operators: ['$match', '$and', '$or', '$nor', '$facet'],
    when: (d) =>
      (docTypes(d).has('array') || docTypes(d).has('empty array')) &&
      pathsOf(d).join().includes('.') &&
      (asked(d).has('null') || asked(d).has('empty array')),
    says: 'a path through an array finds the fields of its documents only; an empty array has none, not even missing ones',
    source: 'tutorial/query-array-of-documents; jstests null_query_semantics',
    cases: [
      {
        question: { kind: 'pipeline', docs: [{ _id: 1, l: [] }, { _id: 2 }], pipeline: [{ $match: { 'l.0': null } }] },
        value: [{ _id: 2 }],
      },
      {
        question: {
          kind: 'pipeline',
          docs: [{ _id: 1, a: [[null]] }],
          pipeline: [{ $facet: { one: [{ $match: { 'a.x': null } }] } }],
        },
        value: [{ one: [] }],
      },
      {
        question: { kind: 'pipeline', docs: [{ _id: 3, a: [] }], pipeline: [{ $match: { 'a.y': [] } }] },
        value: [],
      },
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
    id: 'mongomock-elem-match-operators',
    by: 'mongomock',
    form: 'they refuse',
    operators: ['$elemMatch'],
    theirs: /^unknown top level operator|needs an Object|filter must be an expression/,
    says: '$elemMatch takes operators for elements that are no documents',
    source: 'operator/query/elemMatch',
    cases: [{ question: filter([{ l: ['a', 1] }], { l: { $elemMatch: { $regex: 'a' } } }), value: [1] }],
  },
  {
    id: 'element-as-whole-in-operators',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: [
      '$lt',
      '$lte',
      '$gt',
      '$gte',
      '$eq',
      '$ne',
      '$in',
      '$nin',
      '$mod',
      '$regex',
      '$all',
      '$type',
      '$not',
      '$match',
    ],
    when: (d) => /\.\d/.test(pathsOf(d).join()) && d.question.docs.some((doc) => nested(doc)),
    says: 'an element that the path names by position is looked at as a whole, not also element by element',
    source: 'matcher/path_test.cpp: ArrayIndex2',
    cases: [{ question: filter([{ a: [[1]] }, { a: [1] }], { 'a.0': { $lt: 3 } }), value: [2] }],
  },
  {
    id: 'missing-in-one-element',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: 'any',
    when: (d) => pathsOf(d).join().includes('.') && asked(d).has('null') && docTypes(d).has('array') && hasObjects(d),
    says: 'null matches when one document of the array lacks the field; other conditions may be met by other elements',
    source: 'jstests null_query_semantics; tutorial/query-array-of-documents',
    cases: [
      {
        question: filter([{ d: [{ x: 'a' }, {}] }, { d: [{ x: 'a' }] }], { 'd.x': { $eq: null, $lte: 'a' } }),
        value: [1],
      },
    ],
  },
  {
    id: 'type-beside-others-in-elements',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$type'],
    when: (d) => d.operators.length > 1 && pathsOf(d).join().includes('.') && docTypes(d).has('array') && hasObjects(d),
    says: 'the conditions of one path may be met by different documents of an array, $type like the others',
    source: 'tutorial/query-array-of-documents: combination of elements; operator/query/type: arrays',
    cases: [
      {
        question: filter([{ d: [{ y: 1 }, { y: 'ab' }] }, { d: [{ y: 1 }] }], {
          'd.y': { $eq: 'ab', $type: 'number' },
        }),
        value: [1],
      },
    ],
  },
  {
    id: 'regex-beside-array-in-array',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$ne'],
    when: (d) =>
      asked(d).has('BSONRegExp') &&
      argumentsOf('$ne', questionOf(d.question)).some(Array.isArray) &&
      d.question.docs.some((doc) => nested(doc)),
    says: 'an array in an array is an element that may equal an array, and is no text that a pattern could match',
    source: 'tutorial/query-arrays; operator/query/ne, operator/query/regex',
    cases: [
      {
        question: filter([{ b: [['a']] }, { b: ['a'] }, { b: [1] }], {
          $nor: [{ b: new BSONRegExp('a') }, { b: { $ne: ['a'] } }],
        }),
        value: [1],
      },
    ],
  },
  {
    id: 'negated-in-arrays',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$not'],
    when: (d) =>
      ['$gt', '$gte', '$lt', '$lte', '$type'].some((name) => d.operators.includes(name)) &&
      pathsOf(d).join().includes('.') &&
      (docTypes(d).has('empty array') || d.question.docs.some((doc) => nested(doc))),
    says: 'a path finds nothing in arrays of arrays or an empty array, and $not matches what has no such field',
    source: 'operator/query/not; tutorial/query-array-of-documents',
    cases: [
      { question: filter([{ b: [['a']] }], { 'b.x': { $not: { $gte: 'a' } } }), value: [1] },
      { question: filter([{ d: [] }], { 'd.x': { $not: { $type: 'array' } } }), value: [1] },
    ],
  },
  {
    id: 'number-type-in-elements',
    by: 'both',
    form: 'value',
    kinds: WITH_FILTERS,
    operators: ['$type'],
    when: (d) =>
      argumentsOf('$type', questionOf(d.question)).includes('number') &&
      pathsOf(d).join().includes('.') &&
      docTypes(d).has('array') &&
      hasObjects(d),
    says: '"number" is an alias of every number type, and $type looks into the documents of an array',
    source: 'operator/query/type: available types, arrays',
    cases: [
      {
        question: filter([{ d: [{ y: 1 }] }, {}], { $or: [{ b: {} }, { $nor: [{ 'd.y': { $type: 'number' } }] }] }),
        value: [2],
      },
    ],
  },
];
