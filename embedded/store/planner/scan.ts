import type { Collection } from '../storage/catalog.js';
import type { Entry, KeyRange } from '../storage/environment.js';
import { documentKey, readRecord, recordOfKey, wholeRange } from '../storage/keys.js';
import type { Overlay, ReadView } from '../transaction/read-view.js';
import { decodeDoc, type Doc } from '../values/index.js';
import type { Plan } from './plan.js';

/** A document found by a scan; decoded when somebody looks at it. */
export class Item {
  private decoded: Doc | undefined;

  constructor(
    readonly record: number,
    readonly bytes: Buffer,
    decoded?: Doc,
  ) {
    this.decoded = decoded;
  }

  get doc(): Doc {
    return (this.decoded ??= decodeDoc(this.bytes));
  }
}

/** What a scan did, for `explain`. */
export interface ScanCounts {
  keys: number;
  documents: number;
}

/** Everything that a scan needs. */
export interface Scan {
  view: ReadView;
  collection: Collection;
  plan: Plan;
  matches: (doc: Doc) => boolean;
  /** Order of the result, needed to fit a transaction's own writes into a sorted plan. */
  compare: ((a: Doc, b: Doc) => number) | undefined;
  counts: ScanCounts;
  /** Moves whenever other work may have run since the last step; entries read before are then read again. */
  epoch: { value: number };
}

/** Entries read at a time: few first, so that a page costs a page; more later, so that a long walk is cheap. */
const FIRST_CHUNK = 16;
const LAST_CHUNK = 256;
/** Entries looked at between two ticks. */
const TICK = 128;
/** Bytes of documents for which a tick comes earlier. */
const TICK_BYTES = 256 * 1024;

/**
 * The matching documents, in the plan's order. Yields undefined now and then ("tick"), so that the caller can let
 * other work run; it then moves `epoch`, and the scan goes on from fresh reads.
 */
export function* scan(request: Scan): Generator<Item | undefined> {
  const overlay = request.view.overlay(request.collection.id);
  if (overlay === undefined || overlay.size === 0) {
    yield* committed(request, undefined);
    return;
  }
  yield* merged(committed(request, overlay), ownWrites(request, overlay), request);
}

function* committed(request: Scan, overlay: Overlay | undefined): Generator<Item | undefined> {
  const { matches, counts } = request;
  let seen = 0;
  let bytes = 0;
  for (const item of source(request)) {
    if (item !== undefined) bytes += item.bytes.length;
    if (++seen >= TICK || bytes > TICK_BYTES) {
      seen = 0;
      bytes = 0;
      yield undefined;
    }
    if (item === undefined || overlay?.has(item.record)) continue;
    counts.documents += 1;
    if (request.plan.exact || matches(item.doc)) yield item;
  }
}

function source(request: Scan): Generator<Item | undefined> {
  const { plan } = request;
  if (plan.branches !== undefined) return union(request, plan.branches);
  return plan.index === undefined ? documents(request) : indexed(request);
}

/** What several plans find, each document once; in the order of the query when every one of them comes in it. */
function* union(request: Scan, branches: readonly Plan[]): Generator<Item | undefined> {
  const { plan, compare } = request;
  const streams = branches.map((branch) => indexed({ ...request, plan: branch }));
  const seen = new Set<number>();
  for (const item of plan.sorted && compare !== undefined ? inOrder(request, streams, compare) : chained(streams)) {
    if (item !== undefined && seen.has(item.record)) {
      yield undefined;
      continue;
    }
    if (item !== undefined) seen.add(item.record);
    yield item;
  }
}

function* chained(streams: ReadonlyArray<Generator<Item | undefined>>): Generator<Item | undefined> {
  for (const stream of streams) yield* stream;
}

/** Merges sorted streams. */
function* inOrder(
  request: Scan,
  streams: ReadonlyArray<Generator<Item | undefined>>,
  compare: (a: Doc, b: Doc) => number,
): Generator<Item | undefined> {
  const { epoch } = request;
  const heads: Array<{ stream: Generator<Item | undefined>; item: Item; read: number }> = [];
  for (const stream of streams) {
    const item = yield* nextItem(stream);
    if (item !== undefined) heads.push({ stream, item, read: epoch.value });
  }
  while (heads.length > 0) {
    const stale = heads.find(({ read }) => read !== epoch.value);
    const first = stale ?? heads.reduce((best, head) => (compare(head.item.doc, best.item.doc) < 0 ? head : best));
    if (stale === undefined) yield first.item;
    const item = (stale && fetched(request, stale.item.record)) ?? (yield* nextItem(first.stream));
    if (item === undefined) heads.splice(heads.indexOf(first), 1);
    else Object.assign(first, { item, read: epoch.value });
  }
}

/** The document of a record as it is now; undefined when it was deleted. */
function fetched({ view, collection }: Scan, record: number): Item | undefined {
  const bytes = view.reader.get('documents', documentKey(collection.id, record));
  return bytes === undefined ? undefined : new Item(record, bytes);
}

/** The next item of a stream, passing its ticks on; undefined at its end. */
function* nextItem(stream: Generator<Item | undefined>): Generator<undefined, Item | undefined> {
  for (;;) {
    const step = stream.next();
    if (step.done === true) return undefined;
    if (step.value !== undefined) return step.value;
    yield undefined;
  }
}

function* documents(request: Scan): Generator<Item> {
  for (const entry of entries(request, 'documents', wholeRange(request.collection.id))) {
    yield new Item(recordOfKey(entry.key), entry.value);
  }
}

/** Follows index entries to their documents; undefined stands for an entry that leads nowhere new. */
function* indexed(request: Scan): Generator<Item | undefined> {
  const { plan, counts } = request;
  const seen = plan.index?.multikey.includes(true) === true ? new Set<number>() : undefined;
  for (const entry of plan.merge ? mergedRanges(request) : chainedRanges(request)) {
    counts.keys += 1;
    const record = readRecord(entry.value);
    if (seen?.has(record)) {
      yield undefined;
      continue;
    }
    seen?.add(record);
    yield fetched(request, record);
  }
}

function* chainedRanges(request: Scan): Generator<Entry> {
  const { plan } = request;
  const ranges = plan.reverse ? [...plan.ranges].reverse() : plan.ranges;
  for (const range of ranges) {
    if (plan.wholeKeys === true) yield* wholeKey(request, range.low);
    else yield* entries(request, 'indexes', range);
  }
}

/** The entry of one key, which a look-up finds faster than a walk. */
function* wholeKey({ view }: Scan, key: Buffer): Generator<Entry> {
  const value = view.reader.get('indexes', key);
  if (value !== undefined) yield { key, value };
}

/** Several ranges as one stream, ordered by what follows each range's fixed prefix. */
function* mergedRanges(request: Scan): Generator<Entry> {
  const { plan, view, epoch } = request;
  const sign = plan.reverse ? -1 : 1;
  const streams = plan.ranges.map((range, at) => ({
    source: entries(request, 'indexes', range),
    prefix: plan.prefixBytes[at] ?? 0,
    head: undefined as Entry | undefined,
  }));
  const advance = (stream: (typeof streams)[number]): boolean => {
    const next = stream.source.next();
    stream.head = next.done === true ? undefined : next.value;
    return stream.head !== undefined;
  };
  const isThere = (stream: (typeof streams)[number]): boolean => {
    const { key } = stream.head as Entry;
    const value = view.reader.get('indexes', key);
    if (value !== undefined) stream.head = { key, value };
    return value !== undefined;
  };
  let live = streams.filter(advance);
  let read = epoch.value;
  while (live.length > 0) {
    if (epoch.value !== read) {
      read = epoch.value;
      live = live.filter((stream) => isThere(stream) || advance(stream));
      continue;
    }
    let best = live[0] as (typeof streams)[number];
    for (const stream of live) {
      if (stream !== best && sign * compareTails(stream, best) < 0) best = stream;
    }
    yield best.head as Entry;
    if (!advance(best)) live = live.filter((stream) => stream !== best);
  }
}

function compareTails(
  a: { head: Entry | undefined; prefix: number },
  b: { head: Entry | undefined; prefix: number },
): number {
  const left = a.head?.key as Buffer;
  const right = b.head?.key as Buffer;
  return left.compare(right, b.prefix, right.length, a.prefix, left.length);
}

/** Walks a range in chunks, each of them one consistent read; no cursor stays open between them. */
function* entries({ view, plan, epoch }: Scan, table: 'documents' | 'indexes', range: KeyRange): Generator<Entry> {
  let { low, high } = range;
  for (let size = FIRST_CHUNK; ; size = Math.min(size * 2, LAST_CHUNK)) {
    const chunk = view.reader.range(table, { low, high }, size, plan.reverse);
    const read = epoch.value;
    let last: Buffer | undefined;
    for (const entry of chunk) {
      last = entry.key;
      yield entry;
      if (epoch.value !== read) break;
    }
    if (last === undefined || (chunk.length < size && epoch.value === read)) return;
    if (plan.reverse) high = last;
    else low = Buffer.concat([last, Buffer.from([0])]);
  }
}

/** The order in which documents come; none for an index that was not chosen for its order. */
function orderOf({ plan, compare }: Scan): ((a: Item, b: Item) => number) | undefined {
  if (compare !== undefined) return (a, b) => compare(a.doc, b.doc);
  if (plan.index !== undefined || plan.branches !== undefined) return undefined;
  return plan.reverse ? (a, b) => b.record - a.record : (a, b) => a.record - b.record;
}

function ownWrites({ matches }: Scan, overlay: Overlay): Item[] {
  const items: Item[] = [];
  for (const { after } of overlay.values()) {
    if (after !== undefined && matches(after.doc)) items.push(new Item(after.record, after.bytes, after.doc));
  }
  return items;
}

/** Puts a transaction's own documents where they belong in a sorted stream, or behind it. */
function* merged(stored: Generator<Item | undefined>, own: Item[], request: Scan): Generator<Item | undefined> {
  const order = orderOf(request);
  if (order !== undefined) own.sort(order);
  let next = 0;
  for (const item of stored) {
    if (item !== undefined && request.plan.sorted && order !== undefined) {
      while (next < own.length && order(own[next] as Item, item) < 0) yield own[next++];
    }
    yield item;
  }
  yield* own.slice(next);
}
