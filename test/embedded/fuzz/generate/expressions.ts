import { Double } from 'bson';
import type { Row } from '../case.js';
import type { Random } from '../random.js';
import { date, number, path, scalar, text } from './values.js';

/** Variables of the surrounding operators, by what they usually hold. */
interface Names {
  readonly any: readonly string[];
}

const NONE: Names = { any: [] };

/** Now and then an operand of another type, to meet the rules for wrong types, null and missing. */
function mostly(r: Random, depth: number, names: Names, make: () => unknown): unknown {
  return r.chance(0.93) ? make() : anyExpression(r, depth - 1, names);
}

/** An expression of any type. */
export function anyExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return leaf(r, names);
  return r.choose<unknown>([
    [2, () => leaf(r, names)],
    [4, () => numberExpression(r, depth, names)],
    [3, () => textExpression(r, depth, names)],
    [3, () => booleanExpression(r, depth, names)],
    [4, () => listExpression(r, depth, names)],
    [2, () => objectExpression(r, depth, names)],
    [2, () => dateExpression(r, depth, names)],
    [3, () => choice(r, depth, names, () => anyExpression(r, depth - 1, names))],
    [1, () => ({ v: anyExpression(r, depth - 1, names), w: leaf(r, names) })],
    [1, () => [anyExpression(r, depth - 1, names), leaf(r, names)]],
  ]);
}

function leaf(r: Random, names: Names): unknown {
  if (names.any.length > 0 && r.chance(0.5)) return `$$${r.pick(names.any)}${r.chance(0.2) ? '.x' : ''}`;
  return r.choose<unknown>([
    [6, () => `$${path(r, r.chance(0.1))}`],
    [2, () => literal(scalar(r))],
    [0.3, () => r.pick(['$$ROOT', '$$CURRENT.n', '$$REMOVE', '$missing'])],
  ]);
}

function literal(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('$') ? { $literal: value } : value;
}

function choice(r: Random, depth: number, names: Names, make: () => unknown): unknown {
  const test = (): unknown => booleanExpression(r, depth - 1, names);
  return r.choose<unknown>([
    [2, () => ({ $cond: [test(), make(), make()] })],
    [2, () => ({ $cond: { if: test(), then: make(), else: make() } })],
    [3, () => ({ $ifNull: r.list(2, 3, make) })],
    [2, () => switchExpression(r, test, make)],
    [1, () => ({ $let: { vars: { v: make() }, in: anyExpression(r, depth - 1, { any: [...names.any, 'v'] }) } })],
    [1, () => ({ $literal: scalar(r) })],
  ]);
}

function switchExpression(r: Random, test: () => unknown, make: () => unknown): Row {
  const branches = r.list(1, 2, () => ({ case: test(), then: make() }));
  return { $switch: r.chance(0.9) ? { branches, default: make() } : { branches } };
}

/** An expression that is usually a number. */
export function numberExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return r.chance(0.6) ? r.pick(['$n', '$n', '$o.x', '$a', '$l.0']) : number(r);
  const each = (): unknown => mostly(r, depth, names, () => numberExpression(r, depth - 1, names));
  const list = (): unknown => mostly(r, depth, names, () => listExpression(r, depth - 1, names));
  return r.choose<unknown>([
    [2, each],
    [3, () => ({ [r.pick(['$add', '$multiply'])]: r.list(1, 3, each) })],
    [4, () => ({ [r.pick(['$subtract', '$divide', '$mod'])]: [each(), each()] })],
    [3, () => ({ [r.pick(['$abs', '$floor', '$ceil', '$trunc', '$round'])]: each() })],
    [1, () => ({ [r.pick(['$trunc', '$round'])]: [each(), r.pick<unknown>([0, 1, -1, 2, new Double(1)])] })],
    [3, () => ({ [r.pick(['$sum', '$avg', '$min', '$max'])]: r.chance(0.5) ? list() : r.list(1, 3, each) })],
    [1, () => ({ $size: list() })],
    [1, () => ({ $cmp: [anyExpression(r, depth - 1, names), anyExpression(r, depth - 1, names)] })],
    [1, () => ({ $strLenCP: mostly(r, depth, names, () => textExpression(r, depth - 1, names)) })],
    [1, () => ({ [r.pick(['$toInt', '$toLong', '$toDouble', '$toDecimal'])]: convertible(r, names) })],
    [2, () => ({ [r.pick(DATE_PARTS)]: mostly(r, depth, names, () => dateExpression(r, depth - 1, names)) })],
    [1, () => reduce(r, depth, names, list)],
  ]);
}

const DATE_PARTS = [
  '$year',
  '$month',
  '$dayOfMonth',
  '$hour',
  '$minute',
  '$second',
  '$millisecond',
  '$dayOfWeek',
  '$dayOfYear',
  '$week',
  '$isoWeek',
  '$isoWeekYear',
  '$isoDayOfWeek',
];

function reduce(r: Random, depth: number, names: Names, list: () => unknown): Row {
  const step = r.pick<unknown>([
    { $add: ['$$value', '$$this'] },
    { $max: ['$$value', '$$this'] },
    { $cond: [{ $gt: ['$$this', '$$value'] }, '$$this', '$$value'] },
  ]);
  return { $reduce: { input: list(), initialValue: numberExpression(r, depth - 2, names), in: step } };
}

function convertible(r: Random, names: Names): unknown {
  return r.choose<unknown>([
    [4, () => leaf(r, names)],
    [3, () => r.pick(['1', '-2', '1.5', '12x', '', ' 1', '1e2', '0x10', '+3', '9999999999'])],
    [3, () => number(r)],
    [1, () => true],
    [1, () => date(r)],
  ]);
}

/** An expression that is usually text. */
export function textExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return r.chance(0.6) ? r.pick(['$s', '$s', '$a', '$o.x']) : text(r);
  const each = (): unknown => mostly(r, depth, names, () => textExpression(r, depth - 1, names));
  const count = (): unknown => (r.chance(0.9) ? r.between(0, 3) : numberExpression(r, depth - 1, names));
  return r.choose<unknown>([
    [2, each],
    [4, () => ({ $concat: r.list(1, 3, each) })],
    [3, () => ({ [r.pick(['$toLower', '$toUpper'])]: each() })],
    [3, () => ({ $substrCP: [each(), count(), count()] })],
    [3, () => ({ $toString: convertible(r, names) })],
    [2, () => ({ $type: anyExpression(r, depth - 1, names) })],
    [2, () => dateToString(r, depth, names)],
  ]);
}

function dateToString(r: Random, depth: number, names: Names): Row {
  const format = r.pick(['%Y-%m-%d', '%H:%M:%S.%L', '%j %U %V %G', '%u %w', '%Y%%', '%d/%m']);
  const date = mostly(r, depth, names, () => dateExpression(r, depth - 1, names));
  return { $dateToString: r.chance(0.8) ? { format, date } : { format, date, onNull: text(r) } };
}

/** An expression that is usually true or false. */
export function booleanExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return leaf(r, names);
  const any = (): unknown => anyExpression(r, depth - 1, names);
  return r.choose<unknown>([
    [8, () => ({ [r.pick(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])]: [any(), any()] })],
    [3, () => ({ [r.pick(['$and', '$or'])]: r.list(0, 3, () => booleanExpression(r, depth - 1, names)) })],
    [1, () => ({ $not: [booleanExpression(r, depth - 1, names)] })],
    [2, () => ({ $in: [any(), mostly(r, depth, names, () => listExpression(r, depth - 1, names))] })],
    [1, () => ({ [r.pick(['$isArray', '$isNumber'])]: any() })],
    [1, () => ({ $toBool: any() })],
  ]);
}

/** An expression that is usually an array. */
export function listExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return r.chance(0.75) ? r.pick(['$l', '$l', '$d', '$a', '$d.x']) : r.list(0, 3, () => number(r));
  const each = (): unknown => mostly(r, depth, names, () => listExpression(r, depth - 1, names));
  const bound = { any: [...names.any, 'this'] };
  return r.choose<unknown>([
    [2, each],
    [2, () => ({ $slice: [each(), r.pick([1, 2, -1, -2, 0])] })],
    [1, () => ({ $slice: [each(), r.pick([0, 1, -1, -5]), r.between(1, 2)] })],
    [2, () => ({ $concatArrays: r.list(1, 2, each) })],
    [2, () => ({ $reverseArray: each() })],
    [3, () => ({ $filter: { input: each(), cond: booleanExpression(r, depth - 1, bound) } })],
    [3, () => ({ $map: { input: each(), as: 'this', in: anyExpression(r, depth - 1, bound) } })],
    [2, () => ({ $range: [r.between(-1, 2), r.between(0, 5), r.pick([1, 2, -1])] })],
    [1, () => ({ $split: [mostly(r, depth, names, () => textExpression(r, depth - 1, names)), r.pick(['a', 'b'])] })],
    [1, () => ({ $objectToArray: mostly(r, depth, names, () => objectExpression(r, depth - 1, names)) })],
    [2, () => ({ [r.pick(['$first', '$last'])]: each() })],
    [2, () => ({ $arrayElemAt: [each(), r.pick<unknown>([0, 1, -1, 5, new Double(1)])] })],
  ]);
}

/** An expression that is usually a document. */
export function objectExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return r.pick(['$o', '$o', '$a', '$$ROOT']);
  const each = (): unknown => mostly(r, depth, names, () => objectExpression(r, depth - 1, names));
  return r.choose<unknown>([
    [1, each],
    [3, () => ({ $mergeObjects: r.list(1, 3, each) })],
    [2, () => ({ x: anyExpression(r, depth - 1, names), y: leaf(r, names) })],
    [2, () => ({ $arrayToObject: [r.list(0, 2, () => [r.pick(['x', 'y', 'z']), leaf(r, names)])] })],
    [1, () => ({ $arrayToObject: { $objectToArray: each() } })],
    [2, () => ({ $getField: { field: r.pick(['x', 'y', 'zz']), input: each() } })],
  ]);
}

/** An expression that is usually a date. */
export function dateExpression(r: Random, depth: number, names: Names = NONE): unknown {
  if (depth <= 0) return r.chance(0.7) ? '$t' : date(r);
  const each = (): unknown => mostly(r, depth, names, () => dateExpression(r, depth - 1, names));
  const unit = r.pick(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']);
  return r.choose<unknown>([
    [3, each],
    [3, () => ({ $dateTrunc: { date: each(), unit } })],
    [1, () => ({ $dateTrunc: { date: each(), unit, binSize: r.pick([1, 2, 3]) } })],
    [2, () => ({ $add: [each(), r.pick([1000, 86400000])] })],
    [1, () => ({ $subtract: [each(), r.pick<unknown>([1000, 1.5])] })],
    [2, () => ({ $toDate: r.pick<unknown>(['2024-01-02', '2024-01-02T03:04:05Z', 'x', '$t', '$n', '$s']) })],
  ]);
}
