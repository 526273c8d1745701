import { Double, Long } from 'bson';
import { isRow, type Case, type Row } from '../case.js';
import type { Random } from '../random.js';
import { anyExpression } from './expressions.js';
import { collides, condition, filter } from './filters.js';
import { doc, docs, found, inner, nearby, number, path, scalar, text, value } from './values.js';

/** An update question: modifiers, a replacement or a pipeline; sometimes an upsert. */
export function updateCase(r: Random): Case {
  if (r.chance(0.12)) return upsertCase(r);
  const row = doc(r, 1);
  return r.choose<Case>([
    [12, () => ({ kind: 'update', docs: [row], filter: { _id: 1 }, update: modifiers(r, row) })],
    [2, () => arrayFilterCase(r, row)],
    [1, () => ({ kind: 'update', docs: [row], filter: { _id: 1 }, update: replacement(r) })],
    [2, () => ({ kind: 'update', docs: [row], filter: { _id: 1 }, update: pipeline(r) })],
  ]);
}

function upsertCase(r: Random): Case {
  const rows = r.chance(0.8) ? [] : docs(r, 1);
  const models = rows.length > 0 ? rows : docs(r, 2);
  const wanted: Row = r.chance(0.4) ? { _id: 9, ...equalities(r, models) } : equalities(r, models);
  const update = r.choose<Row | Row[]>([
    [6, () => ({ ...modifiers(r, models[0]!), $setOnInsert: { e: value(r, 1) } })],
    [1, () => replacement(r)],
    [1, () => pipeline(r)],
  ]);
  return { kind: 'update', docs: rows, filter: wanted, update, upsert: true };
}

function equalities(r: Random, models: readonly Row[]): Row {
  if (r.chance(0.2)) return { $and: [equalities(r, models), filter(r, models, 0)] };
  const result: Row = {};
  for (let count = r.between(1, 2); count > 0; count--) {
    const at = path(r, false);
    if (collides(result, at)) continue;
    const near = nearby(r, models, at);
    result[at] = r.choose<unknown>([
      [4, () => (isRow(near) ? 1 : near)],
      [2, () => ({ $eq: near })],
      [1, () => ({ $in: [near] })],
      [1, () => ({ $all: [near] })],
      [1, () => condition(r, models, at, 0)],
    ]);
  }
  return result;
}

function replacement(r: Random): Row {
  const { _id, ...fields } = doc(r, 1);
  return r.chance(0.2) ? { _id, ...fields } : fields;
}

/** One to three modifiers on different paths. */
function modifiers(r: Random, row: Row): Row {
  const result: Record<string, Row> = {};
  const taken: Row = {};
  for (let count = r.pick([1, 1, 1, 2, 3]); count > 0; count--) {
    const at = updatePath(r, row);
    if (collides(taken, at)) continue;
    taken[at] = true;
    const [name, argument] = modifier(r, row, at, taken);
    result[name] = { ...result[name], [at]: argument };
  }
  return result;
}

function updatePath(r: Random, row: Row): string {
  if (r.chance(0.15)) return r.pick(['new', 'new.x', 'o.new', 'l.5', 'd.0.new', 'a.new.x', 'l.4']);
  const usual = path(r);
  return r.chance(0.5) ? usual : r.pick([...Object.keys(row).filter((key) => key !== '_id'), usual]);
}

type Modifier = readonly [name: string, argument: unknown];

function modifier(r: Random, row: Row, at: string, taken: Row): Modifier {
  const here = found(row, at.split('.'))[0];
  const suited: (readonly [number, () => Modifier])[] = [];
  if (Array.isArray(here)) suited.push([20, () => arrayModifier(r, row, at)]);
  if (typeof here === 'number' || here === undefined) suited.push([6, () => numberModifier(r)]);
  return r.choose<Modifier>([
    ...suited,
    [6, () => ['$set', r.chance(0.9) ? value(r, 1) : here === undefined ? 1 : here]],
    [4, () => ['$unset', '']],
    [2, () => numberModifier(r)],
    [4, () => [r.pick(['$min', '$max']), nearby(r, [row], at)]],
    [3, () => ['$rename', renameTarget(r, taken)]],
    [1, () => ['$setOnInsert', scalar(r)]],
    [1, () => ['$currentDate', true]],
    [2, () => arrayModifier(r, row, at)],
  ]);
}

function renameTarget(r: Random, taken: Row): string {
  const target = r.pick(['renamed', 'o.renamed', 'new2.x', 'z', path(r, false)]);
  if (collides(taken, target)) return 'elsewhere';
  taken[target] = true;
  return target;
}

function numberModifier(r: Random): Modifier {
  return r.choose<Modifier>([
    [3, () => ['$inc', number(r)]],
    [2, () => ['$mul', number(r)]],
    [1, () => ['$bit', { [r.pick(['and', 'or', 'xor'])]: r.pick<unknown>([1, 2, 7, Long.fromNumber(3)]) }]],
    [0.3, () => ['$inc', r.pick<unknown>(['x', null])]],
  ]);
}

function arrayModifier(r: Random, row: Row, at: string): Modifier {
  const element = (): unknown => {
    const near = nearby(r, [row], at);
    return Array.isArray(near) ? (near[0] ?? 1) : near;
  };
  return r.choose<Modifier>([
    [3, () => ['$push', element()]],
    [5, () => ['$push', pushModifiers(r, element)]],
    [3, () => ['$addToSet', r.chance(0.5) ? element() : { $each: r.list(0, 3, element) }]],
    [5, () => ['$pull', pullCondition(r, row, at, element)]],
    [3, () => ['$pullAll', r.list(0, 2, element)]],
    [3, () => ['$pop', r.pick<unknown>([1, -1, new Double(1)])]],
  ]);
}

function pushModifiers(r: Random, element: () => unknown): Row {
  const clauses: Row = { $each: r.list(0, 3, element) };
  if (r.chance(0.5)) clauses['$position'] = r.pick([0, 1, -1, -2, 9]);
  if (r.chance(0.5)) clauses['$slice'] = r.pick([0, 1, 2, -1, -2, 9]);
  if (r.chance(0.5)) clauses['$sort'] = r.pick<unknown>([1, -1, { x: 1 }, { x: -1, y: 1 }]);
  return clauses;
}

function pullCondition(r: Random, row: Row, at: string, element: () => unknown): unknown {
  const inside = found(row, at.split('.')).filter(isRow);
  return r.choose<unknown>([
    [3, element],
    [2, () => ({ [r.pick(['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'])]: element() })],
    [1, () => ({ $in: r.list(0, 2, element) })],
    [inside.length > 0 ? 4 : 0, () => ({ x: condition(r, inside, 'x', 0) })],
    [inside.length > 0 ? 1 : 0, () => ({ x: nearby(r, inside, 'x'), y: condition(r, inside, 'y', 0) })],
  ]);
}

function arrayFilterCase(r: Random, row: Row): Case {
  row['l'] = r.list(0, 4, () => number(r));
  row['d'] = r.list(0, 3, () => inner(r));
  const [name, argument] = r.pick<Modifier>([
    ['$set', scalar(r)],
    ['$inc', 1],
    ['$mul', 2],
    ['$unset', ''],
    ['$max', number(r)],
  ]);
  const at = r.pick(['l.$[]', 'd.$[].x', 'l.$[e]', 'd.$[e]', 'd.$[e].x', 'd.$[e].y', 'd.$[e].new', 'd.$[].x.$[e]']);
  const base: Case = { kind: 'update', docs: [row], filter: { _id: 1 }, update: { [name]: { [at]: argument } } };
  if (!at.includes('[e]')) return base;
  return { ...base, arrayFilters: [elementFilter(r, row, at)] };
}

function elementFilter(r: Random, row: Row, at: string): Row {
  if (at.startsWith('l') || at.startsWith('d.$[]')) return { e: condition(r, [row], 'l', 0) };
  const name = r.pick(['x', 'y']);
  return { [`e.${name}`]: condition(r, found(row, ['d']).filter(isRow), name, 0) };
}

function pipeline(r: Random): Row[] {
  return r.list(1, 2, () =>
    r.choose<Row>([
      [4, () => ({ [r.pick(['$set', '$addFields'])]: { [path(r, false)]: anyExpression(r, 2) } })],
      [2, () => ({ $set: { new: anyExpression(r, 2), 'o.new': anyExpression(r, 1) } })],
      [2, () => ({ $unset: r.chance(0.5) ? path(r, false) : ['a', 'o.x'] })],
      [1, () => ({ $replaceWith: { $mergeObjects: ['$$ROOT', { s: text(r) }] } })],
      [1, () => ({ $replaceRoot: { newRoot: { a: anyExpression(r, 1), b: '$$ROOT.n' } } })],
      [1, () => ({ $project: { a: 1, n: 1, v: anyExpression(r, 1) } })],
    ]),
  );
}
