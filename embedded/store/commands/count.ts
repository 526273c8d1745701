import { planQuery } from '../planner/plan.js';
import { Query } from '../planner/query.js';
import type { Item } from '../planner/scan.js';
import { distinctValues } from '../query/index.js';
import type { Collection } from '../storage/catalog.js';
import { wholeRange } from '../storage/keys.js';
import { compareValues, Doc, type Value } from '../values/index.js';
import { encodeKeyValue } from '../index/index.js';
import { targetCollection, viewOf, type Command, type CommandContext } from './context.js';
import { StoreError } from '../values/index.js';

/** `count`. */
export const count: Command = {
  fields: ['count', 'query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  endsWithClient: true,
  async run(context) {
    const { body } = context;
    body.refuse('collation');
    const collection = targetCollection(context);
    const spec = {
      filter: body.document('query') ?? new Doc(),
      hint: body.get('hint'),
      skip: body.count('skip'),
      limit: Math.abs(body.number('limit') ?? 0),
    };
    const query = new Query(spec);
    if (collection === undefined) return new Doc(['n'], [0]);
    const all = quickCount(context, collection, spec.filter, spec.hint);
    if (all !== undefined) {
      const rest = Math.max(0, all - (spec.skip ?? 0));
      return new Doc(['n'], [spec.limit === 0 ? rest : Math.min(rest, spec.limit)]);
    }
    let n = 0;
    for await (const _item of paced(context, query, query.items(viewOf(context), collection))) n += 1;
    return new Doc(['n'], [n]);
  },
};

/** The number of matches where keys alone tell it: everything, or exact bounds of an index. */
export function quickCount(
  context: CommandContext,
  collection: Collection,
  filter: Doc,
  hint: Value | undefined,
): number | undefined {
  const view = viewOf(context);
  if ((view.overlay(collection.id)?.size ?? 0) > 0) return undefined;
  if (filter.size === 0 && hint === undefined) return documentCount(context, collection);
  const plan = planQuery(collection, { filter, sort: undefined, hint, sequence: view.sequence }, view.reader);
  if (!plan.exact || plan.index === undefined) return undefined;
  return plan.ranges.reduce((sum, range) => sum + view.reader.count('indexes', range), 0);
}

/** Number of documents of a collection, as the command sees it without its own writes. */
export function documentCount({ server, transaction }: CommandContext, collection: Collection): number {
  if (transaction === undefined) return server.store.documentCount(collection);
  return transaction.view.reader.count('documents', wholeRange(collection.id));
}

/** The items of a query, letting other work run in between. */
export async function* paced(
  context: CommandContext,
  query: Query,
  items: Generator<Item | undefined>,
): AsyncGenerator<Item> {
  for (const item of items) {
    if (item !== undefined) yield item;
    else if (context.pace.due()) {
      await context.pace.pause();
      query.epoch.value += 1;
    }
  }
}

/** Most bytes in the answer of `distinct`, as in MongoDB. */
const MAX_DISTINCT_BYTES = 16 * 1024 * 1024;

/** `distinct`. */
export const distinct: Command = {
  fields: ['distinct', 'key', 'query', 'collation', 'hint'],
  inTransaction: true,
  endsWithClient: true,
  async run(context) {
    const { body } = context;
    body.refuse('collation');
    const key = body.string('key');
    if (key === undefined) throw new StoreError(40414, "BSON field 'distinct.key' is missing but a required field");
    const collection = targetCollection(context);
    const query = new Query({ filter: body.document('query') ?? new Doc(), hint: body.get('hint') });
    const found = new Map<string, Value>();
    let bytes = 0;
    if (collection !== undefined) {
      for await (const item of paced(context, query, query.items(viewOf(context), collection))) {
        for (const value of distinctValues(item.doc, key)) {
          const name = encodeKeyValue(value, 1).toString('latin1');
          if (found.has(name)) continue;
          bytes += name.length;
          if (bytes > MAX_DISTINCT_BYTES) throw new StoreError(17217, 'distinct too big, 16mb cap');
          found.set(name, value);
        }
      }
    }
    return new Doc(['values'], [[...found.values()].sort(compareValues)]);
  },
};
