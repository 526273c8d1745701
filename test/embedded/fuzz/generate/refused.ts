import type { Case, Row } from '../case.js';
import type { Random } from '../random.js';
import { docs, path } from './values.js';

/** A question with something outside the allow-list, and the name that the error has to contain. */
export interface RefusedCase {
  question: Case;
  name: string;
}

const FILTERS: readonly Row[] = [
  { $bitsAllSet: 1 },
  { $bitsAnyClear: [1] },
  { $geoWithin: { $box: [] } },
  { $geoIntersects: {} },
  { $near: [0, 0] },
  { $nearSphere: [0, 0] },
  { $like: 'a' },
  { $isNull: true },
];
const TOP_FILTERS: readonly Row[] = [
  { $where: 'true' },
  { $text: { $search: 'a' } },
  { $jsonSchema: {} },
  { $sampleRate: 0.5 },
  { $xor: [] },
];
const STAGES: readonly Row[] = [
  { $out: 'x' },
  { $merge: { into: 'x' } },
  { $unionWith: 'x' },
  { $graphLookup: {} },
  { $sample: { size: 1 } },
  { $redact: '$$KEEP' },
  { $bucketAuto: { groupBy: '$n', buckets: 2 } },
  { $setWindowFields: {} },
  { $densify: {} },
  { $fill: {} },
  { $geoNear: {} },
  { $collStats: {} },
  { $indexStats: {} },
  { $changeStream: {} },
  { $documents: [] },
  { $unknownStage: {} },
];
const EXPRESSIONS: readonly Row[] = [
  { $accumulator: {} },
  { $function: { body: 'x', args: [], lang: 'js' } },
  { $regexMatch: { input: '$s', regex: 'a' } },
  { $setUnion: ['$l', [1]] },
  { $zip: { inputs: [] } },
  { $dateAdd: { startDate: '$t', unit: 'day', amount: 1 } },
  { $pow: [2, 2] },
  { $sqrt: 4 },
  { $rand: {} },
  { $replaceAll: { input: '$s', find: 'a', replacement: 'b' } },
  { $sortArray: { input: '$l', sortBy: 1 } },
  { $unknownOperator: 1 },
];
const ACCUMULATORS: readonly Row[] = [
  { $stdDevPop: '$n' },
  { $top: { output: '$n', sortBy: { n: 1 } } },
  { $firstN: { input: '$n', n: 1 } },
  { $median: { input: '$n', method: 'approximate' } },
];
const MODIFIERS = ['$pushAll', '$unknown', '$setUnion'];

/** A question that the store must refuse by name. */
export function refusedCase(r: Random): RefusedCase {
  return r.choose<RefusedCase>([
    [4, () => refusedFilter(r)],
    [3, () => refusedStage(r)],
    [3, () => refusedExpression(r)],
    [1, () => refusedAccumulator(r)],
    [2, () => refusedUpdate(r)],
    [1, () => refusedProjection(r)],
    [
      1,
      () => ({ question: { kind: 'sort', docs: docs(r), sort: { [path(r)]: { $meta: 'textScore' } } }, name: '$meta' }),
    ],
  ]);
}

function nameIn(part: Row): string {
  return Object.keys(part)[0]!;
}

function refusedFilter(r: Random): RefusedCase {
  const rows = docs(r, 2);
  const top = r.pick(TOP_FILTERS);
  if (r.chance(0.3)) return { question: { kind: 'filter', docs: rows, filter: { $and: [top] } }, name: nameIn(top) };
  const inside = r.pick(FILTERS);
  const condition = r.pick<Row>([inside, { $not: inside }, { $elemMatch: inside }, { $gt: 1, ...inside }]);
  return { question: { kind: 'filter', docs: rows, filter: { [path(r)]: condition } }, name: nameIn(inside) };
}

function refusedStage(r: Random): RefusedCase {
  const stage = r.pick(STAGES);
  const pipeline = r.pick<Row[]>([[stage], [{ $match: {} }, stage], [{ $facet: { one: [stage] } }]]);
  return { question: { kind: 'pipeline', docs: docs(r, 2), pipeline }, name: nameIn(stage) };
}

function refusedExpression(r: Random): RefusedCase {
  const inside = r.pick(EXPRESSIONS);
  const pipeline = r.pick<Row[]>([
    [{ $project: { v: inside } }],
    [{ $addFields: { v: { $cond: [true, 1, inside] } } }],
    [{ $match: { $expr: { $eq: [1, inside] } } }],
    [{ $group: { _id: inside } }],
    [{ $project: { v: { $map: { input: '$l', in: inside } } } }],
  ]);
  return { question: { kind: 'pipeline', docs: docs(r, 2), pipeline }, name: nameIn(inside) };
}

function refusedAccumulator(r: Random): RefusedCase {
  const inside = r.pick(ACCUMULATORS);
  const pipeline = [{ $group: { _id: null, v: inside } }];
  return { question: { kind: 'pipeline', docs: docs(r, 2), pipeline }, name: nameIn(inside) };
}

function refusedUpdate(r: Random): RefusedCase {
  const row = docs(r, 1);
  const question = (update: Row | Row[]): Case => ({ kind: 'update', docs: row, filter: { _id: 1 }, update });
  const name = r.pick(MODIFIERS);
  const stage = r.pick(['$match', '$group', '$unwind', '$lookup', '$out']);
  return r.choose<RefusedCase>([
    [2, () => ({ question: question({ [name]: { [path(r)]: 1 } }), name })],
    [2, () => ({ question: question([{ [stage]: {} }]), name: stage })],
    [2, () => ({ question: question({ $set: { 'l.$': 1 } }), name: "'$'" })],
  ]);
}

function refusedProjection(r: Random): RefusedCase {
  const rows = docs(r, 2);
  const projection = r.pick<readonly [Row, string]>([
    [{ 'l.$': 1 }, 'l.$'],
    [{ v: { $meta: 'textScore' } }, '$meta'],
  ]);
  return { question: { kind: 'projection', docs: rows, projection: projection[0] }, name: projection[1] };
}
