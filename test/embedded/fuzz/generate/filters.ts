import { Double, ObjectId } from 'bson';
import { isRow, type Case, type Row } from '../case.js';
import type { Random } from '../random.js';
import { booleanExpression } from './expressions.js';
import { docs, found, nearby, number, path, pathIn, regex, text, value } from './values.js';

const TYPES = ['double', 'string', 'object', 'array', 'objectId', 'bool', 'date', 'null', 'int', 'long', 'number'];
const TYPE_CODES = [1, 2, 3, 4, 7, 8, 9, 10, 16, 18, 19];

/** A filter question over a few documents. */
export function filterCase(r: Random): Case {
  const rows = docs(r);
  return { kind: 'filter', docs: rows, filter: filter(r, rows) };
}

/** A filter that often matches some of the rows. */
export function filter(r: Random, rows: readonly Row[], depth = 2): Row {
  if (depth > 0 && r.chance(0.22)) return logical(r, rows, depth);
  const result: Row = {};
  for (let count = r.pick([1, 1, 1, 2]); count > 0; count--) {
    const at = pathIn(r, rows);
    result[at] = condition(r, rows, at, depth);
  }
  if (r.chance(0.02)) result['$comment'] = text(r);
  return result;
}

function logical(r: Random, rows: readonly Row[], depth: number): Row {
  if (r.chance(0.2)) return { $expr: booleanExpression(r, 1) };
  return { [r.pick(['$and', '$or', '$nor'])]: r.list(1, 3, () => filter(r, rows, depth - 1)) };
}

/** What a filter says about one path. */
export function condition(r: Random, rows: readonly Row[], at: string, depth = 2): unknown {
  return r.choose<unknown>([
    [4, () => literal(nearby(r, rows, at))],
    [1, () => regex(r)],
    [12, () => operator(r, rows, at, depth)],
    [3, () => ({ ...operator(r, rows, at, depth), ...operator(r, rows, at, depth) })],
  ]);
}

/** A document whose first name is an operator would be read as one. */
function literal(wanted: unknown): unknown {
  return isRow(wanted) && Object.keys(wanted)[0]?.startsWith('$') ? 1 : wanted;
}

function operator(r: Random, rows: readonly Row[], at: string, depth: number): Row {
  const near = (): unknown => nearby(r, rows, at);
  return r.choose<Row>([
    [3, () => ({ $eq: near() })],
    [3, () => ({ $ne: near() })],
    [6, () => ({ [r.pick(['$gt', '$gte', '$lt', '$lte'])]: near() })],
    [3, () => ({ $in: inList(r, near) })],
    [2, () => ({ $nin: inList(r, near) })],
    [2, () => ({ $exists: r.pick<unknown>([true, false, 1, 0]) })],
    [2, () => ({ $type: r.chance(0.5) ? typeNear(near()) : typeArgument(r) })],
    [2, () => regexOperator(r)],
    [1, () => ({ $mod: [r.pick([2, 3, 4, -2, new Double(2)]), r.pick([0, 1, -1])] })],
    [2, () => ({ $size: sizeNear(r, near()) })],
    [2, () => ({ $all: allList(r, rows, at, near) })],
    [3, () => ({ $elemMatch: elementCondition(r, rows, at, depth) })],
    [depth > 0 ? 2 : 0, () => ({ $not: r.chance(0.2) ? regex(r) : operator(r, rows, at, depth - 1) })],
  ]);
}

function sizeNear(r: Random, near: unknown): number {
  return Array.isArray(near) && r.chance(0.7) ? near.length : r.between(0, 3);
}

function typeNear(near: unknown): string {
  if (near === null) return 'null';
  if (Array.isArray(near)) return 'array';
  if (isRow(near)) return 'object';
  if (near instanceof Date) return 'date';
  if (near instanceof ObjectId) return 'objectId';
  return typeof near === 'boolean' ? 'bool' : typeof near === 'string' ? 'string' : 'number';
}

function inList(r: Random, near: () => unknown): unknown[] {
  return r.list(0, 3, () => (r.chance(0.1) ? regex(r) : near()));
}

function allList(r: Random, rows: readonly Row[], at: string, near: () => unknown): unknown[] {
  if (r.chance(0.2)) return r.list(1, 2, () => ({ $elemMatch: elementCondition(r, rows, at, 0) }));
  return r.list(r.chance(0.9) ? 1 : 0, 3, near);
}

function typeArgument(r: Random): unknown {
  return r.choose<unknown>([
    [3, () => r.pick(TYPES)],
    [1, () => r.pick(TYPE_CODES)],
    [1, () => r.some(TYPES, 2)],
  ]);
}

function regexOperator(r: Random): Row {
  const { pattern, options } = regex(r);
  return options === '' ? { $regex: pattern } : { $regex: pattern, $options: options };
}

/** Conditions for the elements at a path: operators for plain ones, a filter for documents. */
function elementCondition(r: Random, rows: readonly Row[], at: string, depth: number): Row {
  const elements = rows.flatMap((row) => found(row, at.split('.'))).filter((element) => !Array.isArray(element));
  const inside = elements.filter(isRow);
  if (inside.length === 0 || r.chance(0.2)) {
    const wrapped = elements.length === 0 ? [{ v: number(r) }] : elements.map((element) => ({ v: element }));
    return operator(r, wrapped, 'v', Math.max(depth - 1, 0));
  }
  const result: Row = {};
  for (const name of r.some(['x', 'y', 'z'], r.between(1, 2))) {
    result[name] = condition(r, inside, name, Math.max(depth - 1, 0));
  }
  return result;
}

/** A sort question. */
export function sortCase(r: Random): Case {
  return { kind: 'sort', docs: docs(r, 5), sort: sortPattern(r) };
}

/** One to three paths with directions. */
export function sortPattern(r: Random): Row {
  const sort: Row = {};
  for (let count = r.pick([1, 1, 2, 3]); count > 0; count--) sort[path(r)] = r.pick([1, -1]);
  return sort;
}

/** A question for the distinct values of a path. */
export function distinctCase(r: Random): Case {
  return { kind: 'distinct', docs: docs(r), path: path(r) };
}

/** A find projection. */
export function projectionCase(r: Random): Case {
  const rows = docs(r, 2);
  const keep = r.chance(0.6);
  const projection: Row = {};
  for (let count = r.between(1, 3); count > 0; count--) {
    const at = path(r, false);
    if (!collides(projection, at)) projection[at] = projectionField(r, rows, at, keep);
  }
  if (r.chance(0.3)) projection['_id'] = r.pick<unknown>([0, 1, false, true]);
  return { kind: 'projection', docs: rows, projection };
}

/** True when a path leads to, or comes from, one that is already named. */
export function collides(named: Row, at: string): boolean {
  return Object.keys(named).some((other) => `${other}.`.startsWith(`${at}.`) || `${at}.`.startsWith(`${other}.`));
}

function projectionField(r: Random, rows: readonly Row[], at: string, keep: boolean): unknown {
  return r.choose<unknown>([
    [8, () => (keep ? r.pick<unknown>([1, true]) : r.pick<unknown>([0, false]))],
    [3, () => ({ $slice: r.pick<unknown>([1, 2, -1, -2, 0, [1, 1], [-2, 1], [5, 2]]) })],
    [at.includes('.') ? 0 : 2, () => ({ $elemMatch: elementCondition(r, rows, at, 1) })],
    [keep ? 2 : 0, () => r.pick<unknown>([`$${path(r, false)}`, { $size: '$l' }, { $add: ['$n', 1] }, 'text'])],
    [keep ? 1 : 0, () => ({ x: 1, y: r.pick<unknown>([1, '$n']) })],
    [0.3, () => value(r, 0)],
  ]);
}
