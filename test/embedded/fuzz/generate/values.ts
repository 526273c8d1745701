import { BSONRegExp, Decimal128, Double, Long, ObjectId } from 'bson';
import { isRow, type Row } from '../case.js';
import type { Random } from '../random.js';

const NUMBERS = [0, 1, 2, 3, -1, 10, 1.5, 2.5, -0.5, new Double(1), new Double(2), Long.fromNumber(1)];
const RARE_NUMBERS = [
  Long.fromString('3000000000'),
  Long.fromNumber(-7),
  Decimal128.fromString('1'),
  Decimal128.fromString('2.5'),
  2147483647,
  -2147483648,
  1e20,
];
const TEXTS = ['', 'a', 'b', 'ab', 'abc', 'B', 'é', '1', 'a b', 'xa'];
const DATES = [
  new Date('2024-02-29T12:30:45.123Z'),
  new Date('2023-12-31T23:59:59Z'),
  new Date('2025-01-01T00:00:00Z'),
];
const IDS = [new ObjectId('64b7f0a1c2d3e4f5a6b7c8d9'), new ObjectId('65b7f0a1c2d3e4f5a6b7c8d0')];

/** A number of any of the four types, from few values so that equal ones meet. */
export function number(r: Random): unknown {
  return r.chance(0.88) ? r.pick(NUMBERS) : r.pick(RARE_NUMBERS);
}

/** A short text from few. */
export function text(r: Random): string {
  return r.pick(TEXTS);
}

/** A date from few. */
export function date(r: Random): Date {
  return r.pick(DATES);
}

/** Any value that is neither document nor array. */
export function scalar(r: Random): unknown {
  return r.choose<unknown>([
    [10, () => number(r)],
    [6, () => text(r)],
    [3, () => null],
    [2, () => r.chance(0.5)],
    [2, () => date(r)],
    [1, () => r.pick(IDS)],
  ]);
}

/** Any value; documents have the fields x, y and z. */
export function value(r: Random, depth = 2): unknown {
  if (depth === 0) return scalar(r);
  return r.choose<unknown>([
    [6, () => scalar(r)],
    [2, () => r.list(0, 3, () => value(r, depth - 1))],
    [2, () => inner(r, depth - 1)],
  ]);
}

/** A nested document. */
export function inner(r: Random, depth = 1): Row {
  const row: Row = {};
  for (const name of ['x', 'y', 'z']) if (r.chance(0.5)) row[name] = value(r, depth);
  return row;
}

/** A document: a to c hold anything, n numbers, l a list of numbers, s text, t a date, o a document, d documents. */
export function doc(r: Random, id: number): Row {
  const row: Row = { _id: id };
  for (const name of ['a', 'b', 'c']) if (r.chance(0.6)) row[name] = value(r);
  if (r.chance(0.5)) row['n'] = r.chance(0.1) ? null : number(r);
  if (r.chance(0.5)) row['l'] = r.list(0, 4, () => number(r));
  if (r.chance(0.5)) row['s'] = r.chance(0.1) ? null : text(r);
  if (r.chance(0.3)) row['t'] = date(r);
  if (r.chance(0.4)) row['o'] = inner(r);
  if (r.chance(0.4)) row['d'] = r.list(0, 3, () => inner(r));
  return row;
}

/** One to `most` documents, numbered from 1. */
export function docs(r: Random, most = 4): Row[] {
  return Array.from({ length: r.between(1, most) }, (_, i) => doc(r, i + 1));
}

const PATHS = ['a', 'b', 'c', 'n', 'l', 's', 't', 'o', 'd'];
const DEEP = ['a.x', 'a.y', 'b.x', 'o.x', 'o.y', 'o.x.y', 'd.x', 'd.y', 'd.x.y', 'a.x.y', 'o.z.x'];
const POSITIONS = ['a.0', 'a.1', 'l.0', 'l.1', 'd.0', 'd.0.x', 'd.1.x', 'o.x.0', 'd.x.0', 'a.0.x'];

/** A path that documents of `doc` often have. */
export function path(r: Random, positions = true): string {
  return r.choose([
    [6, () => r.pick(PATHS)],
    [4, () => r.pick(DEEP)],
    [positions ? 2 : 0, () => r.pick(POSITIONS)],
  ]);
}

/** A path that one of the documents has, most times. */
export function pathIn(r: Random, rows: readonly Row[], positions = true): string {
  for (let attempt = r.chance(0.8) ? 6 : 0; attempt > 0; attempt--) {
    const at = path(r, positions);
    if (rows.some((row) => found(row, at.split('.')).length > 0)) return at;
  }
  return path(r, positions);
}

/** Values found at a path, through arrays, with the arrays themselves. */
export function found(root: unknown, parts: readonly string[]): unknown[] {
  const [part, ...rest] = parts;
  if (part === undefined) return Array.isArray(root) ? [root, ...(root as unknown[])] : [root];
  if (isRow(root)) return Object.hasOwn(root, part) ? found(root[part], rest) : [];
  if (!Array.isArray(root)) return [];
  const list = root as unknown[];
  const position = Number(part);
  const at = Number.isInteger(position) && position < list.length ? found(list[position], rest) : [];
  return [...at, ...list.filter(isRow).flatMap((element) => found(element, parts))];
}

/** A value that one of the documents has at the path, most times; else any. */
export function nearby(r: Random, rows: readonly Row[], at: string): unknown {
  if (r.chance(0.15)) return value(r, 1);
  const parts = at.split('.');
  const own = found(r.pick(rows), parts);
  const values = own.length > 0 ? own : rows.flatMap((row) => found(row, parts));
  return values.length === 0 ? value(r, 1) : r.pick(values);
}

const PATTERNS = ['a', '^a', 'b$', '^ab?', 'A', '.', 'a.b', '[a-b]+', '^$', '\\d', 'é'];

/** A regular expression that some of the texts match. */
export function regex(r: Random): BSONRegExp {
  return new BSONRegExp(r.pick(PATTERNS), r.pick(['', '', 'i', 'm', 's']));
}
