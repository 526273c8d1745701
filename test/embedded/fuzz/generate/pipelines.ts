import type { Case, Row } from '../case.js';
import type { Random } from '../random.js';
import { anyExpression, numberExpression, objectExpression } from './expressions.js';
import { collides, filter, sortPattern } from './filters.js';
import { docs, path } from './values.js';

/** One expression over a few documents. */
export function expressionCase(r: Random): Case {
  return { kind: 'pipeline', docs: docs(r, 2), pipeline: [{ $project: { v: anyExpression(r, r.between(1, 3)) } }] };
}

/** A pipeline of one to four stages. */
export function pipelineCase(r: Random): Case {
  const rows = docs(r, 5);
  const pipeline = r.list(1, 4, () => stages(r, rows)).flat();
  const question: Case = { kind: 'pipeline', docs: rows, pipeline };
  return JSON.stringify(pipeline).includes('$lookup') ? { ...question, other: docs(r, 4) } : question;
}

/** One stage, with a sort behind it where the order of what it gives is left open. */
function stages(r: Random, rows: readonly Row[]): Row[] {
  const byId = { $sort: { _id: 1 } };
  return r.choose<Row[]>([
    [4, () => [{ $match: filter(r, rows, 1) }]],
    [3, () => [{ $project: project(r) }]],
    [4, () => [{ [r.pick(['$addFields', '$set'])]: computed(r) }]],
    [1, () => [{ $unset: r.chance(0.5) ? path(r, false) : ['a', 'o.x', 'd.y'] }]],
    [4, () => [group(r), byId]],
    [3, () => [{ $sort: r.chance(0.7) ? { ...sortPattern(r), _id: 1 } : { _id: r.pick([1, -1]) } }]],
    [1, () => [{ $limit: r.between(1, 3) }]],
    [1, () => [{ $skip: r.between(0, 2) }]],
    [4, () => [{ $unwind: unwind(r) }]],
    [1, () => [{ $count: 'count' }]],
    [2, () => [{ $sortByCount: r.chance(0.7) ? `$${path(r, false)}` : anyExpression(r, 1) }, byId]],
    [2, () => [{ $bucket: bucket(r) }]],
    [1, () => [{ $facet: facet(r, rows) }]],
    [3, () => [{ $lookup: lookup(r) }]],
    [1, () => [{ $replaceRoot: { newRoot: objectExpression(r, 1) } }]],
    [1, () => [{ $replaceWith: objectExpression(r, 2) }]],
  ]);
}

function project(r: Random): Row {
  const keep = r.chance(0.7);
  const result: Row = {};
  for (let count = r.between(1, 3); count > 0; count--) {
    const at = path(r, false);
    if (collides(result, at)) continue;
    result[at] = keep && r.chance(0.4) ? anyExpression(r, 2) : keep ? 1 : 0;
    if (typeof result[at] === 'number') result[at] = keep ? 1 : 0;
  }
  if (r.chance(0.2)) result['_id'] = 0;
  return result;
}

function computed(r: Random): Row {
  const result: Row = {};
  for (let count = r.between(1, 2); count > 0; count--) {
    const at = r.chance(0.5) ? r.pick(['v', 'w', 'o.v', 'd.v', 'a.v.w']) : path(r, false);
    if (!collides(result, at)) result[at] = anyExpression(r, 2);
  }
  return result;
}

function group(r: Random): Row {
  const spec: Row = { _id: groupKey(r) };
  for (let count = r.between(0, 3); count > 0; count--) {
    const [name, argument] = accumulator(r);
    spec[name.slice(1) + count] = { [name]: argument };
  }
  return { $group: spec };
}

function groupKey(r: Random): unknown {
  return r.choose<unknown>([
    [5, () => `$${path(r, false)}`],
    [2, () => null],
    [2, () => ({ k: `$${path(r, false)}`, l: '$s' })],
    [2, () => anyExpression(r, 1)],
  ]);
}

function accumulator(r: Random): readonly [name: string, argument: unknown] {
  const name = r.pick([
    '$sum',
    '$avg',
    '$min',
    '$max',
    '$first',
    '$last',
    '$push',
    '$addToSet',
    '$mergeObjects',
    '$count',
  ]);
  if (name === '$count') return [name, {}];
  if (name === '$mergeObjects') return [name, objectExpression(r, 0)];
  if (name === '$sum') return [name, r.chance(0.4) ? 1 : numberExpression(r, 1)];
  return [name, r.chance(0.6) ? `$${path(r, false)}` : numberExpression(r, 1)];
}

function unwind(r: Random): unknown {
  const at = `$${r.pick(['l', 'd', 'a', 'b', 'd.x', 'o.x', 'o', 's'])}`;
  if (r.chance(0.4)) return at;
  const options: Row = { path: at };
  if (r.chance(0.5)) options['preserveNullAndEmptyArrays'] = r.chance(0.7);
  if (r.chance(0.5)) options['includeArrayIndex'] = r.pick(['i', 'o.i']);
  return options;
}

function bucket(r: Random): Row {
  const boundaries = r.pick<unknown[]>([
    [0, 1, 3],
    [0, 2, 5, 20],
    ['', 'b'],
    [-10, 0, 100],
  ]);
  const spec: Row = { groupBy: r.pick(['$n', '$s', '$a', { $size: '$l' }, '$o.x']), boundaries };
  if (r.chance(0.8)) spec['default'] = r.pick<unknown>(['other', 1000, null]);
  if (r.chance(0.4)) spec['output'] = { total: { $sum: '$n' }, ids: { $push: '$_id' } };
  return spec;
}

function facet(r: Random, rows: readonly Row[]): Row {
  return {
    one: [{ $match: filter(r, rows, 0) }, { $project: { n: 1 } }],
    two: r.chance(0.5) ? [{ $count: 'count' }] : [{ $unwind: '$l' }, group(r), { $sort: { _id: 1 } }],
  };
}

function lookup(r: Random): Row {
  return {
    from: 'other',
    localField: r.pick(['n', 'a', 'l', 's', 'o.x', 'd.x', '_id', 'b']),
    foreignField: r.pick(['n', 'a', 'l', 's', 'o.x', 'd.x', '_id']),
    as: 'joined',
  };
}
