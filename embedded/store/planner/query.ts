import { compileFilter, compileSort } from '../query/index.js';
import { namespaceOf, type Collection } from '../storage/catalog.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import type { ReadView } from '../transaction/read-view.js';
import { StoreError, type Doc, type Value } from '../values/index.js';
import { planQuery, type Plan } from './plan.js';
import { scan, type Item, type ScanCounts } from './scan.js';

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
  /** Values of `$$name` inside `$expr`. */
  variables?: ReadonlyMap<string, Value> | undefined;
}

/** Most bytes of documents that one sort in memory may hold. */
const MAX_SORT_BYTES = 256 * 1024 * 1024;
/** A limited sort drops what cannot be in the result each time it has this many documents too many. */
const SORT_SLACK = 1000;

/** A compiled query; `items` may be run against any view. Throws StoreError for what the query language refuses. */
export class Query {
  readonly matches: (doc: Doc) => boolean;
  readonly compare: ((a: Doc, b: Doc) => number) | undefined;
  readonly counts: ScanCounts = { keys: 0, documents: 0 };
  /** To be moved by whoever lets other work run in the middle of `items`. */
  readonly epoch = { value: 0 };

  constructor(readonly spec: QuerySpec) {
    const { variables, sort } = spec;
    this.matches = compileFilter(spec.filter, variables === undefined ? {} : { variables });
    this.compare = sort === undefined || sort.size === 0 || sort.has('$natural') ? undefined : compileSort(sort);
  }

  plan(view: ReadView, collection: Collection): Plan {
    const { filter, sort, hint, force } = this.spec;
    return planQuery(collection, { filter, sort, hint, force, sequence: view.sequence }, view.reader);
  }

  /** The result, with ticks (undefined) in between. */
  *items(view: ReadView, collection: Collection, plan = this.plan(view, collection)): Generator<Item | undefined> {
    const { epoch } = this;
    const items = this.found(view, collection, plan);
    if (view.sequence !== undefined) yield* items;
    else yield* whileThere(items, epoch, collection, plan);
  }

  private *found(view: ReadView, collection: Collection, plan: Plan): Generator<Item | undefined> {
    const { matches, compare, counts, epoch } = this;
    const found = scan({ view, collection, plan, matches, compare, counts, epoch });
    const skip = this.spec.skip ?? 0;
    const limit = this.spec.limit ?? 0;
    const wanted = limit === 0 ? Infinity : skip + limit;
    yield* slice(plan.sorted || compare === undefined ? found : sorted(found, compare, wanted), skip, wanted);
  }
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

function* sorted(
  items: Generator<Item | undefined>,
  compare: (a: Doc, b: Doc) => number,
  wanted: number,
): Generator<Item | undefined> {
  const order = (a: Item, b: Item): number => compare(a.doc, b.doc) || a.record - b.record;
  let kept: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    if (item === undefined) {
      yield undefined;
      continue;
    }
    kept.push(item);
    bytes += item.bytes.length;
    if (kept.length >= wanted + SORT_SLACK) {
      kept = kept.sort(order).slice(0, wanted);
      bytes = kept.reduce((sum, { bytes: part }) => sum + part.length, 0);
    }
    if (bytes > MAX_SORT_BYTES) {
      throw new StoreError(
        292,
        `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes; add an index for it or a limit`,
        {
          codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed',
        },
      );
    }
  }
  const [only, second] = kept;
  // A single document is compared with itself, so that a key that cannot be sorted by is refused all the same.
  if (only !== undefined && second === undefined) order(only, only);
  yield* kept.sort(order);
}
