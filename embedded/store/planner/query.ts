import { comparisonBy, compileFilter, compileSortKey, Sorter, type Load, type SortKey } from '../query/index.js';
import { namespaceOf, type Collection } from '../storage/catalog.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import { documentKey } from '../storage/keys.js';
import type { ReadView } from '../transaction/read-view.js';
import { StoreError, type Doc, type Value } from '../values/index.js';
import { planQuery, type Plan } from './plan.js';
import { Item, scan, type ScanCounts } from './scan.js';

/** A query as the commands receive it. */
export interface QuerySpec {
  filter: Doc;
  sort?: Doc | undefined;
  hint?: Value | undefined;
  /** Use this index, even one that does not hold every match. */
  force?: IndexDefinition | undefined;
  skip?: number | undefined;
  /** 0 or absent: no limit. */
  limit?: number | undefined;
  /** Lets a sort without an index hold more than MongoDB's limit. */
  allowDiskUse?: boolean | undefined;
  /** Values of `$$name` inside `$expr`. */
  variables?: ReadonlyMap<string, Value> | undefined;
}

/** A sort that holds less than this, in bytes, keeps decoded documents. */
const DECODED_BYTES = 256 * 1024;
/** A sort that holds less than this, in bytes, keeps documents as they are stored; beyond it, their record numbers. */
const STORED_BYTES = 8 * 1024 * 1024;

/** A compiled query; `items` may be run against any view. Throws StoreError for what the query language refuses. */
export class Query {
  readonly matches: (doc: Doc) => boolean;
  readonly compare: ((a: Doc, b: Doc) => number) | undefined;
  private readonly sortKey: SortKey | undefined;
  readonly counts: ScanCounts = { keys: 0, documents: 0 };
  /** To be moved by whoever lets other work run in the middle of `items`. */
  readonly epoch = { value: 0 };

  constructor(readonly spec: QuerySpec) {
    const { variables, sort } = spec;
    this.matches = compileFilter(spec.filter, variables === undefined ? {} : { variables });
    this.sortKey = sort === undefined || sort.size === 0 || sort.has('$natural') ? undefined : compileSortKey(sort);
    this.compare = this.sortKey && comparisonBy(this.sortKey);
  }

  plan(view: ReadView, collection: Collection): Plan {
    const { filter, sort, hint, force } = this.spec;
    return planQuery(collection, { filter, sort, hint, force, sequence: view.sequence }, view.reader);
  }

  /** The result, or its first `most` documents, with ticks (undefined) in between. */
  *items(
    view: ReadView,
    collection: Collection,
    plan = this.plan(view, collection),
    most = this.spec.limit ?? 0,
  ): Generator<Item | undefined> {
    const { epoch } = this;
    const items = this.found(view, collection, plan, most);
    if (view.sequence !== undefined) yield* items;
    else yield* whileThere(items, epoch, collection, plan);
  }

  private *found(view: ReadView, collection: Collection, plan: Plan, limit: number): Generator<Item | undefined> {
    const { matches, compare, counts, epoch, sortKey } = this;
    const found = scan({ view, collection, plan, matches, compare, counts, epoch });
    const skip = this.spec.skip ?? 0;
    const wanted = limit === 0 ? Infinity : skip + limit;
    const ordered =
      plan.sorted || sortKey === undefined ? found : this.sorted(found, view, collection, sortKey, wanted);
    yield* slice(ordered, skip, wanted);
  }

  private *sorted(
    found: Generator<Item | undefined>,
    view: ReadView,
    collection: Collection,
    key: SortKey,
    wanted: number,
  ): Generator<Item | undefined> {
    const rows = new Sorter<Item | number>(key, { wanted, allowDiskUse: this.spec.allowDiskUse === true });
    for (const item of found) {
      if (item === undefined) yield undefined;
      else rows.add(key.keyOf(item.doc), item.record, (held) => loadOf(item, held));
    }
    for (const row of rows.sorted()) {
      if (typeof row !== 'number') yield row;
      else yield this.reread(row, view, collection);
    }
  }

  /** A document that was sorted by its key alone; undefined when it is gone or has ceased to match. */
  private reread(record: number, view: ReadView, collection: Collection): Item | undefined {
    const own = view.overlay(collection.id)?.get(record)?.after;
    const bytes = own?.bytes ?? view.reader.get('documents', documentKey(collection.id, record));
    const item = bytes === undefined ? undefined : new Item(record, bytes);
    return item !== undefined && this.matches(item.doc) ? item : undefined;
  }
}

/** What a sort keeps of a document: the more it holds, the less. */
function loadOf(item: Item, held: number): Load<Item | number> {
  if (held < DECODED_BYTES) return { value: item, bytes: item.bytes.length };
  if (held < STORED_BYTES) return { value: new Item(item.record, item.bytes), bytes: item.bytes.length };
  return { value: item.record, bytes: 0 };
}

/** Stops with an error when the collection or the index that is read has been dropped (a snapshot keeps both). */
function* whileThere(
  items: Generator<Item | undefined>,
  epoch: { value: number },
  collection: Collection,
  plan: Plan,
): Generator<Item | undefined> {
  for (const item of items) {
    const before = epoch.value;
    yield item;
    if (epoch.value === before) continue;
    const index = [plan, ...(plan.branches ?? [])].find((part) => part.index?.dropped)?.index;
    if (!collection.dropped && index === undefined) continue;
    const what = collection.dropped ? `collection ${namespaceOf(collection)}` : `index ${index?.name}`;
    throw new StoreError(175, `The ${what} was dropped while it was being read`, { codeName: 'QueryPlanKilled' });
  }
}

function* slice(items: Generator<Item | undefined>, skip: number, end: number): Generator<Item | undefined> {
  let at = 0;
  for (const item of items) {
    if (item === undefined) {
      yield undefined;
      continue;
    }
    at += 1;
    if (at > skip) yield item;
    if (at >= end) return;
  }
}
