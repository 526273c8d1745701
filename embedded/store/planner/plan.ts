import { keyRange as indexRange, MAX_KEY_BYTES, type RangeBounds } from '../index/index.js';
import { fieldBounds, type Bounds } from '../query/index.js';
import type { Collection } from '../storage/catalog.js';
import type { KeyRange, Reader } from '../storage/environment.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import { entryKey, ID_BYTES, RECORD_BYTES } from '../storage/keys.js';
import { Doc, StoreError, type Value } from '../values/index.js';
import { disjunctionOf } from './disjunction.js';
import { impliesPartial } from './partial.js';
import { matchSort } from './sort-order.js';

/** How the documents of a query are found. */
export interface Plan {
  /** Undefined for a walk over the whole collection. */
  index: IndexDefinition | undefined;
  /** Key ranges in the `indexes` table, or nothing for a collection walk. */
  ranges: KeyRange[];
  /** Bytes of each range's keys that its point values make up; what follows them decides the order across ranges. */
  prefixBytes: number[];
  /** The ranges are read side by side, so that their entries come in one order. */
  merge: boolean;
  reverse: boolean;
  /** Documents come in the order that the query asked for. */
  sorted: boolean;
  /** The ranges alone decide which documents match, so that counting keys counts documents. */
  exact: boolean;
  /** Fields of the index that limit the ranges, for `explain`. */
  boundFields: number;
  /** Every range is one whole key of a unique index, so that its `low` is the only key it can hold. */
  wholeKeys?: boolean;
  /** Plans of the clauses of an `$or`, instead of ranges: a document is wanted if one of them finds it. */
  branches?: readonly Plan[];
}

/** What is to be planned. */
export interface PlanRequest {
  filter: Doc;
  sort: Doc | undefined;
  hint: Value | undefined;
  /** Use this index whether or not it holds every match. */
  force?: IndexDefinition | undefined;
  /** Oldest snapshot that must be answered; undefined for the newest state. */
  sequence: number | undefined;
}

/** More combinations of `$in` points than this are not expanded into ranges. */
const MAX_RANGES = 2000;
/** An unsorted plan with fewer keys than this beats a sorted walk. */
const FEW_KEYS = 200;

/**
 * Chooses an index for a query, or one for each clause of an `$or`. Throws StoreError 2 for a hint that names no index,
 * 291 for one that was not complete in the state to be read.
 */
export function planQuery(collection: Collection, request: PlanRequest, reader: Reader): Plan {
  const single = singlePlan(collection, request, reader);
  if (single.wholeKeys === true && single.ranges.length === 1) return single;
  if (request.hint !== undefined || request.force !== undefined || isOrdered(request)) return single;
  const clauses = disjunctionOf(request.filter);
  if (clauses === undefined || isTight(single, request, reader)) return single;
  const union = unionPlan(collection, request, clauses, reader);
  return union !== undefined && isBetter(union, single, reader) ? union : single;
}

/** The query asks for the order of insertion, which only a walk gives. */
function isOrdered({ sort }: PlanRequest): boolean {
  return naturalOrder(sort) !== undefined;
}

function singlePlan(collection: Collection, request: PlanRequest, reader: Reader): Plan {
  const bounds = { plain: fieldBounds(request.filter), arrays: fieldBounds(request.filter, { multikey: true }) };
  const sort = request.sort !== undefined && request.sort.size > 0 ? request.sort : undefined;
  const byId =
    request.hint === undefined && request.force === undefined ? idPlan(collection, request, bounds) : undefined;
  if (byId !== undefined) return byId;
  const natural = naturalOrder(request.hint) ?? naturalOrder(sort);
  if (natural !== undefined)
    return collectionPlan(
      natural === -1,
      request.filter.size === 0,
      naturalOrder(sort) !== undefined || sort === undefined,
    );
  const hinted = request.force ?? hintedIndex(collection, request.hint);
  const usable = (hinted === undefined ? collection.indexes : [hinted]).filter((index) =>
    isUsable(index, request, bounds, hinted !== undefined),
  );
  if (hinted !== undefined && usable.length === 0) {
    throw new StoreError(
      291,
      `The hinted index ${hinted.name} is newer than what the query reads, or not yet complete`,
      {
        codeName: 'NoQueryExecutionPlans',
      },
    );
  }
  const candidates = usable.map((index) => candidate(index, bounds, sort, request.filter));
  const useful =
    hinted === undefined
      ? candidates.filter((plan) => plan.boundFields > 0 || (plan.sorted && sort !== undefined))
      : candidates;
  return (
    choose(useful, sort !== undefined, reader) ?? collectionPlan(false, request.filter.size === 0, sort === undefined)
  );
}

/** A given `_id` leads to at most one document, so that no other index and no order can do better. */
function idPlan(collection: Collection, { filter, sort }: PlanRequest, bounds: FilterBounds): Plan | undefined {
  const [byId] = collection.indexes;
  if (byId === undefined || naturalOrder(sort) !== undefined) return undefined;
  if (bounds.plain.get('_id')?.points?.length !== 1) return undefined;
  return { ...candidate(byId, bounds, undefined, filter), sorted: true };
}

/** One index answers well enough: a page of it costs a page, or it leads to few documents. */
function isTight(plan: Plan, { sort }: PlanRequest, reader: Reader): boolean {
  if (plan.boundFields === 0) return false;
  const inOrder = plan.sorted && sort !== undefined && sort.size > 0;
  return inOrder || keysUpTo(plan, FEW_KEYS, reader) < FEW_KEYS;
}

/** The clauses of an `$or`, each by an index of its own; undefined unless every one of them has an index that bounds it. */
function unionPlan(
  collection: Collection,
  request: PlanRequest,
  clauses: readonly Doc[],
  reader: Reader,
): Plan | undefined {
  const branches: Plan[] = [];
  for (const filter of clauses) {
    const plan = singlePlan(collection, { ...request, filter }, reader);
    if (plan.index === undefined || plan.boundFields === 0) return undefined;
    branches.push(plan);
  }
  const sorted = branches.every((plan) => plan.sorted);
  return { ...collectionPlan(false, false, sorted), branches };
}

/** Whether several indexes are worth it beside a walk, or beside one that gives the order or bounds the query loosely. */
function isBetter(union: Plan, single: Plan, reader: Reader): boolean {
  if (single.index === undefined) return true;
  if (union.sorted && !single.sorted) return true;
  if (union.sorted && single.boundFields === 0) return true;
  const keys = (union.branches ?? []).reduce((sum, plan) => sum + keysUpTo(plan, FEW_KEYS, reader), 0);
  return keys < FEW_KEYS;
}

function collectionPlan(reverse: boolean, exact: boolean, sorted: boolean): Plan {
  return { index: undefined, ranges: [], prefixBytes: [], merge: false, reverse, sorted, exact, boundFields: 0 };
}

function naturalOrder(spec: Value | undefined): 1 | -1 | undefined {
  if (!(spec instanceof Doc) || !spec.has('$natural')) return undefined;
  return Number(spec.get('$natural')) < 0 ? -1 : 1;
}

/** The index that a hint names; an empty document is no hint. A hidden index cannot be hinted. */
function hintedIndex(collection: Collection, hint: Value | undefined): IndexDefinition | undefined {
  if (hint === undefined || (hint instanceof Doc && hint.size === 0)) return undefined;
  if (typeof hint !== 'string' && !(hint instanceof Doc)) throw new StoreError(9, 'Hint must be a string or an object');
  const found = collection.indexes.find(
    (index) => !isHidden(index) && (typeof hint === 'string' ? index.name === hint : samePattern(index, hint)),
  );
  if (found === undefined) {
    throw new StoreError(
      2,
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    );
  }
  return found;
}

function samePattern(index: IndexDefinition, hint: Doc): boolean {
  const fields = [...hint];
  return (
    fields.length === index.pattern.length &&
    index.pattern.every(([path, direction], at) => fields[at]?.[0] === path && Number(fields[at]?.[1]) === direction)
  );
}

function isUsable(index: IndexDefinition, request: PlanRequest, bounds: FilterBounds, hinted: boolean): boolean {
  if (index === request.force) return true;
  if (isHidden(index)) return false;
  if (!index.ready || index.readySequence > (request.sequence ?? Infinity)) return false;
  // A hint takes a partial or sparse index as it is, even where that leaves out matches.
  if (hinted) return true;
  if (index.partial !== undefined && !impliesPartial(request.filter, bounds.plain, index.partial)) return false;
  return !index.sparse || index.pattern.some(([path]) => excludesMissing(bounds.plain.get(path)));
}

/** Maintained, but not used for queries. */
function isHidden(index: IndexDefinition): boolean {
  return index.spec.get('hidden') === true;
}

/** True when no document without the field can match. */
function excludesMissing(bound: Bounds | undefined): boolean {
  if (bound === undefined) return false;
  if (bound.points !== undefined) return bound.points.every((point) => point !== null);
  const edge = bound.range?.min ?? bound.range?.max;
  return edge !== undefined && edge !== null;
}

/** What a filter says about paths without and with arrays. */
interface FilterBounds {
  plain: Map<string, Bounds>;
  arrays: Map<string, Bounds>;
}

interface Candidate extends Plan {
  /** Fields held at points, for the choice between indexes. */
  equalities: number;
  ranged: boolean;
}

function candidate(index: IndexDefinition, bounds: FilterBounds, sort: Doc | undefined, filter: Doc): Candidate {
  const usable = usableBounds(index, bounds);
  let combinations: Value[][] = [[]];
  let range: RangeBounds | undefined;
  let equalities = 0;
  for (const bound of usable) {
    if (bound?.points === undefined || combinations.length * bound.points.length > MAX_RANGES) {
      range = bound?.range;
      break;
    }
    const points = bound.points;
    combinations = combinations.flatMap((prefix) => points.map((point) => [...prefix, point]));
    equalities += 1;
  }
  const boundFields = equalities + (range === undefined ? 0 : 1);
  const order = matchSort(index, usable.slice(0, equalities), sort);
  const found = tableRanges(index, combinations, range);
  return {
    index,
    ...found,
    merge: sort !== undefined && order.sorted && found.ranges.length > 1,
    reverse: order.reverse,
    sorted: order.sorted,
    exact: isExact(index, bounds.plain, boundFields, filter),
    boundFields,
    wholeKeys: index.unique && equalities === index.pattern.length,
    equalities,
    ranged: range !== undefined,
  };
}

function tableRanges(
  index: IndexDefinition,
  combinations: Value[][],
  range: RangeBounds | undefined,
): Pick<Plan, 'ranges' | 'prefixBytes'> {
  const ranges: KeyRange[] = [];
  const prefixBytes: number[] = [];
  const seen = new Set<string>();
  for (const points of combinations) {
    const { start, end } = indexRange(index.pattern, points, range);
    const name = start.toString('latin1');
    if (seen.has(name)) continue; // points such as 1 and 1.0 have one key
    seen.add(name);
    ranges.push({ low: boundKey(index, start), high: boundKey(index, end) });
    prefixBytes.push(ID_BYTES + indexRange(index.pattern, points).start.length);
  }
  return { ranges, prefixBytes };
}

/** No entry has as many bytes, so that what follows them in a bound decides nothing; LMDB takes no keys that long. */
const MAX_BOUND_BYTES = ID_BYTES + MAX_KEY_BYTES + RECORD_BYTES + 1;

function boundKey(index: IndexDefinition, bytes: Buffer): Buffer {
  return entryKey(index.id, bytes).subarray(0, MAX_BOUND_BYTES);
}

/**
 * The bounds that the index may use, field by field. Two predicates on an array may be met by two elements: where a
 * path holds arrays, `arrayBounds` takes that into account, and of fields below one array only the first is used.
 */
function usableBounds(index: IndexDefinition, bounds: FilterBounds): Array<Bounds | undefined> {
  const arrays = new Set<string>();
  return index.pattern.map(([path], at) => {
    if (index.multikey[at] !== true) return bounds.plain.get(path);
    const top = path.split('.', 1)[0] as string;
    if (arrays.has(top)) return undefined;
    arrays.add(top);
    return bounds.arrays.get(path);
  });
}

function isExact(index: IndexDefinition, bounds: Map<string, Bounds>, boundFields: number, filter: Doc): boolean {
  if (filter.size !== bounds.size || bounds.size !== boundFields || index.multikey.includes(true)) return false;
  return index.pattern.slice(0, boundFields).every(([path]) => bounds.get(path)?.exact === true && filter.has(path));
}

function choose(candidates: Candidate[], wantsSort: boolean, reader: Reader): Plan | undefined {
  const best = mostSelective(candidates, reader);
  if (!wantsSort || best === undefined || best.sorted) return best;
  const sorted = mostSelective(
    candidates.filter((plan) => plan.sorted),
    reader,
  );
  if (sorted === undefined) return best;
  return selectivity(best) > selectivity(sorted) && keysUpTo(best, FEW_KEYS, reader) < FEW_KEYS ? best : sorted;
}

/** The plan with the tightest bounds; among equals, the one with the fewest keys. */
function mostSelective(candidates: Candidate[], reader: Reader): Candidate | undefined {
  const highest = Math.max(...candidates.map(selectivity));
  const equals = candidates.filter((plan) => selectivity(plan) === highest);
  if (equals.length < 2 || highest < 5) return equals[0];
  let fewest = Infinity;
  let best = equals[0];
  for (const plan of equals) {
    const keys = keysUpTo(plan, FEW_KEYS, reader);
    if (keys < fewest) [best, fewest] = [plan, keys];
  }
  return best;
}

function selectivity(plan: Candidate): number {
  const unique = plan.index?.unique === true && plan.equalities === plan.index.pattern.length;
  return (
    (unique ? 1000 : 0) + plan.equalities * 10 + (plan.ranged ? 5 : 0) + (plan.sorted ? 2 : 0) + (plan.exact ? 1 : 0)
  );
}

/** The number of keys in a plan's ranges, counted no further than `most`. */
function keysUpTo(plan: Plan, most: number, reader: Reader): number {
  let count = 0;
  for (const range of plan.ranges) {
    count += reader.range('indexes', range, most - count).length;
    if (count >= most) break;
  }
  return count;
}
