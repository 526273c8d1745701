import { MaxKey, MinKey, typeRank, type Value } from '../values/index.js';
import { encodeKey, encodeKeyValue, type Direction, type KeyPattern } from './key-value.js';

/** Limits of one field. A side left out ends with the type of the other side, as MongoDB's comparisons do. */
export interface RangeBounds {
  min?: Value;
  minInclusive: boolean;
  max?: Value;
  maxInclusive: boolean;
}

/** Byte keys from `start` up to, not including, `end`. */
export interface KeyRange {
  start: Buffer;
  end: Buffer;
}

/** Above every key: no type byte is 255. */
const LAST = Buffer.from([255]);
const NUMBER_RANK = typeRank(0);

/**
 * The stretch of an index whose first fields equal `points` and whose next field, if a range is given, lies within it.
 * Descending fields are turned round.
 */
export function keyRange(pattern: KeyPattern, points: readonly Value[], range?: RangeBounds): KeyRange {
  const prefix = encodeKey(points, pattern);
  if (range === undefined || (range.min === undefined && range.max === undefined)) {
    return { start: prefix, end: after(prefix) };
  }
  const direction = pattern[points.length]![1];
  const low = lowEdge(range, direction);
  const high = highEdge(range, direction);
  const [start, end] = direction === 1 ? [low, high] : [high, low];
  return { start: Buffer.concat([prefix, start]), end: Buffer.concat([prefix, end]) };
}

/** The edge before (ascending) or after (descending) everything in the range. */
function lowEdge(range: RangeBounds, direction: Direction): Buffer {
  if (range.min !== undefined)
    return edge(range.min, direction, range.minInclusive ? direction === -1 : direction === 1);
  if (range.max instanceof MaxKey) return direction === 1 ? Buffer.alloc(0) : LAST;
  const rank = typeRank(range.max!);
  if (rank === NUMBER_RANK) return edge(-Infinity, direction, direction === -1);
  return typeEdge(direction === 1 ? rank : ~rank & 255, direction === -1);
}

/** The edge after (ascending) or before (descending) everything in the range. */
function highEdge(range: RangeBounds, direction: Direction): Buffer {
  if (range.max !== undefined)
    return edge(range.max, direction, range.maxInclusive ? direction === 1 : direction === -1);
  if (range.min instanceof MinKey) return direction === 1 ? LAST : Buffer.alloc(0);
  const rank = typeRank(range.min!);
  return typeEdge(direction === 1 ? rank : ~rank & 255, direction === 1);
}

function edge(value: Value, direction: Direction, behind: boolean): Buffer {
  const key = encodeKeyValue(value, direction);
  return behind ? after(key) : key;
}

function typeEdge(firstByte: number, behind: boolean): Buffer {
  return Buffer.from([behind ? firstByte + 1 : firstByte]);
}

/** The first key after everything that begins with `key`. */
function after(key: Buffer): Buffer {
  let length = key.length;
  while (length > 0 && key[length - 1] === 255) length--;
  if (length === 0) return LAST;
  const next = Buffer.from(key.subarray(0, length));
  next[length - 1]!++;
  return next;
}
