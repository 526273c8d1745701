import type { RangeBounds } from '../index/index.js';
import {
  arrayIndex,
  BSONRegExp,
  compareValues,
  Doc,
  equalValues,
  isNumber,
  MaxKey,
  MinKey,
  pathParts,
  typeRank,
  Undefined,
  type Value,
} from '../values/index.js';
import { isRangeOperator, type RangeOperator } from './comparison.js';
import { isOperatorDoc } from './operators.js';

/** What a filter says about one path, for choosing stretches of an index. */
export interface Bounds {
  /** The field equals one of these: ascending, distinct. */
  points?: Value[];
  /** The field lies within this range. Never together with `points`. */
  range?: RangeBounds;
  /** True when the bound alone decides what the filter says about the path, in an index without arrays. */
  exact: boolean;
}

/** How the bounds will be used. */
export interface BoundsOptions {
  /**
   * True for an index that holds arrays: then two conditions may be met by two different elements, so only one of them
   * can bound the path.
   */
  multikey?: boolean;
}

/**
 * The bounds of every path that the filter's top level (and `$and`) restricts. Left out are paths without usable
 * limits, and paths with a number in them, which filters and indexes read differently.
 */
export function fieldBounds(filter: Doc, { multikey = false }: BoundsOptions = {}): Map<string, Bounds> {
  const conditions = new Map<string, Bounds[]>();
  collect(filter, conditions);
  const result = new Map<string, Bounds>();
  for (const [path, list] of conditions) {
    if (pathParts(path).some((part) => arrayIndex(part) >= 0)) continue;
    const bounds = multikey ? tightest(list) : list.reduce(intersect);
    if (bounds.points !== undefined || bounds.range !== undefined) result.set(path, bounds);
  }
  return result;
}

/** A condition that gives no bound, so that what bounds there are cannot be exact. */
const INEXACT: Bounds = { exact: false };

function collect(filter: Doc, conditions: Map<string, Bounds[]>): void {
  for (const [key, value] of filter) {
    if (key === '$and' && Array.isArray(value)) {
      for (const clause of value) if (clause instanceof Doc) collect(clause, conditions);
    } else if (!key.startsWith('$')) {
      const list = conditions.get(key) ?? [];
      list.push(...conditionBounds(value, key, conditions));
      conditions.set(key, list);
    }
  }
}

function conditionBounds(condition: Value, path: string, conditions: Map<string, Bounds[]>): Bounds[] {
  if (condition instanceof BSONRegExp) return [regexBounds(condition.pattern, condition.options)];
  if (!(condition instanceof Doc) || !isOperatorDoc(condition)) return [pointBounds([condition])];
  return [...condition].flatMap(([operator, argument]) =>
    operatorBounds(operator, argument, condition, path, conditions),
  );
}

function operatorBounds(
  operator: string,
  argument: Value,
  all: Doc,
  path: string,
  conditions: Map<string, Bounds[]>,
): Bounds[] {
  if (isRangeOperator(operator)) return [rangeBounds(operator, argument)];
  switch (operator) {
    case '$eq':
      return [pointBounds([argument])];
    case '$in':
      return [Array.isArray(argument) ? pointBounds(argument) : INEXACT];
    case '$all':
      return Array.isArray(argument) ? allBounds(argument) : [INEXACT];
    case '$regex':
      return [regexArgumentBounds(argument, all.get('$options'))];
    case '$options':
      return [];
    case '$elemMatch':
      return [elementBounds(argument, path, conditions)];
    default:
      return [INEXACT];
  }
}

/** Each value of `$all` is a condition of its own; no value at all matches nothing. */
function allBounds(values: Value[]): Bounds[] {
  if (values.length === 0) return [{ points: [], exact: true }];
  return values.map((value) => (value instanceof Doc && isOperatorDoc(value) ? INEXACT : pointBounds([value])));
}

function pointBounds(values: Value[]): Bounds {
  const points: Value[] = [];
  let exact = true;
  for (const value of values) {
    if (value instanceof BSONRegExp || value instanceof Undefined) return INEXACT;
    if (value === null) {
      points.push(Undefined.value);
      exact = false;
    }
    if (Array.isArray(value)) {
      points.push(value[0] ?? Undefined.value);
      exact = false;
    }
    points.push(value);
  }
  points.sort(compareValues);
  return { points: points.filter((point, i) => i === 0 || !equalValues(point, points[i - 1]!)), exact };
}

function rangeBounds(operator: RangeOperator, limit: Value): Bounds {
  if (limit === null) return operator.endsWith('e') ? pointBounds([null]) : { points: [], exact: true };
  if (Array.isArray(limit) || limit instanceof Undefined || limit instanceof BSONRegExp) return INEXACT;
  if (limit instanceof MinKey || limit instanceof MaxKey) return INEXACT;
  if (isNaNumber(limit)) return operator.endsWith('e') ? pointBounds([limit]) : { points: [], exact: true };
  const inclusive = operator.endsWith('e');
  const range: RangeBounds = operator.startsWith('$g')
    ? { min: limit, minInclusive: inclusive, maxInclusive: true }
    : { max: limit, maxInclusive: inclusive, minInclusive: true };
  return { range, exact: true };
}

function regexArgumentBounds(argument: Value, options: Value | undefined): Bounds {
  const flags = typeof options === 'string' ? options : '';
  if (argument instanceof BSONRegExp) return regexBounds(argument.pattern, flags || argument.options);
  return typeof argument === 'string' ? regexBounds(argument, flags) : INEXACT;
}

const SPECIAL = /[\\^$.|?*+()[\]{}]/;

/** `^abc` bounds the strings that begin so; what else the expression holds is left to the filter. */
function regexBounds(pattern: string, options: string): Bounds {
  if (options.replace(/[su]/g, '') !== '' || !pattern.startsWith('^') || pattern.includes('|')) return INEXACT;
  const prefix = literalPrefix(pattern.slice(1));
  if (prefix === '') return INEXACT;
  return { range: { min: prefix, minInclusive: true, max: afterPrefix(prefix), maxInclusive: false }, exact: false };
}

/** The literal characters at the start; one that a quantifier follows may be absent and does not count. */
function literalPrefix(pattern: string): string {
  let prefix = '';
  for (let i = 0; i < pattern.length; i++) {
    const escaped = pattern[i] === '\\' && SPECIAL.test(pattern[i + 1] ?? '');
    if (!escaped && SPECIAL.test(pattern[i]!)) break;
    if (escaped) i++;
    if (/[?*{]/.test(pattern[i + 1] ?? '')) break;
    prefix += pattern[i]!;
  }
  return prefix;
}

/** The first string after all those that begin with `prefix`, in the order of code points. */
function afterPrefix(prefix: string): string {
  const points = [...prefix].map((character) => character.codePointAt(0)!);
  const last = points.findLastIndex((point) => point < 0x10ffff);
  if (last < 0) return prefix;
  const next = points[last]! + 1;
  return String.fromCodePoint(...points.slice(0, last), next >= 0xd800 && next <= 0xdfff ? 0xe000 : next);
}

/** Conditions of one element hold together, so they may be combined even in an index with arrays. */
function elementBounds(argument: Value, path: string, conditions: Map<string, Bounds[]>): Bounds {
  if (!(argument instanceof Doc)) return INEXACT;
  if (isOperatorDoc(argument) && !argument.keys[0]!.match(/^\$(and|or|nor)$/)) {
    const combined = conditionBounds(argument, path, new Map()).reduce(intersect, { exact: false });
    return { ...combined, exact: false };
  }
  for (const [inner, bounds] of fieldBounds(argument)) {
    const list = conditions.get(`${path}.${inner}`) ?? [];
    list.push({ ...bounds, exact: false });
    conditions.set(`${path}.${inner}`, list);
  }
  return INEXACT;
}

function isNaNumber(value: Value): boolean {
  return isNumber(value) && value.toString() === 'NaN';
}

function tightest(list: Bounds[]): Bounds {
  const rank = ({ points, range }: Bounds): number => {
    if (points !== undefined) return points.length === 1 ? 0 : 1;
    return range === undefined ? 4 : range.min !== undefined && range.max !== undefined ? 2 : 3;
  };
  const best = list.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  return list.length === 1 ? best : { ...best, exact: false };
}

function intersect(a: Bounds, b: Bounds): Bounds {
  const exact = a.exact && b.exact;
  if (a.points !== undefined) return { points: a.points.filter((point) => admits(b, point)), exact };
  if (b.points !== undefined) return { points: b.points.filter((point) => admits(a, point)), exact };
  if (a.range === undefined || b.range === undefined) return { ...a, ...b, exact };
  if (!sameType(a.range, b.range)) return { points: [], exact };
  return { range: narrow(a.range, b.range), exact };
}

function sameType(a: RangeBounds, b: RangeBounds): boolean {
  return typeRank(a.min ?? a.max!) === typeRank(b.min ?? b.max!);
}

function narrow(a: RangeBounds, b: RangeBounds): RangeBounds {
  const low = tighter(side(a.min, a.minInclusive), side(b.min, b.minInclusive), 1);
  const high = tighter(side(a.max, a.maxInclusive), side(b.max, b.maxInclusive), -1);
  return {
    ...(low.value === undefined ? {} : { min: low.value }),
    minInclusive: low.inclusive,
    ...(high.value === undefined ? {} : { max: high.value }),
    maxInclusive: high.inclusive,
  };
}

interface Side {
  value: Value | undefined;
  inclusive: boolean;
}

function side(value: Value | undefined, inclusive: boolean): Side {
  return { value, inclusive };
}

function tighter(a: Side, b: Side, direction: 1 | -1): Side {
  if (a.value === undefined) return b;
  if (b.value === undefined) return a;
  const order = compareValues(a.value, b.value) * direction;
  if (order === 0) return a.inclusive ? b : a;
  return order > 0 ? a : b;
}

function admits({ points, range }: Bounds, value: Value): boolean {
  if (points !== undefined) return points.some((point) => equalValues(point, value));
  if (range === undefined) return true;
  const { min, max } = range;
  // NaN sorts before all numbers and yet is neither less nor greater than any.
  if (isNaNumber(value)) return false;
  if (typeRank(value) !== typeRank(min ?? max!)) return false;
  const low = min === undefined ? 1 : compareValues(value, min);
  const high = max === undefined ? -1 : compareValues(value, max);
  return (low > 0 || (low === 0 && range.minInclusive)) && (high < 0 || (high === 0 && range.maxInclusive));
}
