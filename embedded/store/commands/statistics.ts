import { hostname } from 'node:os';
import { compileFilter } from '../query/index.js';
import type { Collection } from '../storage/catalog.js';
import type { Entry } from '../storage/environment.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import { wholeRange } from '../storage/keys.js';
import { Doc, double, StoreError, type Value } from '../values/index.js';
import { documentCount } from './count.js';
import { targetCollection, targetName, viewOf, type Command, type CommandContext } from './context.js';

/** Entries whose size is looked at to estimate the size of all. */
const SAMPLE = 1000;

/** Estimated sizes of a collection, in bytes. */
interface Measure {
  count: number;
  bytes: number;
  /** Bytes of each index, by its name. */
  indexes: Array<[name: string, bytes: number]>;
}

function measure(context: CommandContext, collection: Collection): Measure {
  const { reader } = viewOf(context);
  const count = documentCount(context, collection);
  const sample = reader.range('documents', wholeRange(collection.id), SAMPLE);
  const indexes = collection.indexes.map((index): [string, number] => {
    const entries = reader.range('indexes', wholeRange(index.id), SAMPLE);
    return [index.name, Math.round(averageBytes(entries) * entryCount(context, index, count, entries.length))];
  });
  const bytes = sample.reduce((sum, { value }) => sum + value.length, 0);
  return { count, bytes: sample.length === 0 ? 0 : Math.round((bytes / sample.length) * count), indexes };
}

function averageBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0) / Math.max(entries.length, 1);
}

/** Entries of an index; most have one for each document. */
function entryCount(context: CommandContext, index: IndexDefinition, documents: number, seen: number): number {
  if (seen < SAMPLE) return seen;
  if (index.partial === undefined && !index.sparse && !index.multikey.includes(true)) return documents;
  return viewOf(context).reader.count('indexes', wholeRange(index.id));
}

/** What `collStats` and the stage of that name tell of a collection; sizes are estimates from a sample. */
export function storageStats(context: CommandContext, scale: number): Doc {
  if (scale < 1) throw new StoreError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
  const collection = targetCollection(context);
  const { count, bytes, indexes } =
    collection === undefined ? { count: 0, bytes: 0, indexes: [] } : measure(context, collection);
  const indexBytes = indexes.reduce((sum, [, size]) => sum + size, 0);
  const scaled = (size: number): number => Math.floor(size / scale);
  const fields: Array<[string, Value]> = [
    ['size', scaled(bytes)],
    ['count', count],
    ...(count === 0 ? [] : [['avgObjSize', Math.round(bytes / count)] satisfies [string, Value]]),
    ['storageSize', scaled(bytes)],
    ['freeStorageSize', 0],
    ['capped', false],
    ['nindexes', indexes.length],
    ['indexBuilds', (collection?.indexes ?? []).filter((index) => !index.ready).map((index) => index.name)],
    ['totalIndexSize', scaled(indexBytes)],
    ['totalSize', scaled(bytes + indexBytes)],
    ['indexSizes', Doc.of(indexes.map(([name, size]) => [name, scaled(size)]))],
    ['scaleFactor', scale],
  ];
  return Doc.of(fields);
}

/** `collStats`. */
export const collStats: Command = {
  fields: ['collStats', 'collstats', 'scale'],
  run(context) {
    const stats = storageStats(context, context.body.number('scale') ?? 1);
    return new Doc(['ns', ...stats.keys], [`${context.database}.${targetName(context)}`, ...stats.values]);
  },
};

/** The document that the stage `$collStats` begins with. Throws 238 for the parts that do not exist here. */
export function collStatsDocument(context: CommandContext, options: Value | undefined): Doc {
  if (!(options instanceof Doc)) throw new StoreError(14, '$collStats must take a nested object');
  const result = Doc.of([
    ['ns', `${context.database}.${targetName(context)}`],
    ['host', hostname()],
    ['localTime', new Date()],
  ]);
  for (const [part, value] of options) {
    if (part === 'storageStats') {
      const scale = value instanceof Doc ? Number(value.get('scale') ?? 1) : 1;
      result.append('storageStats', storageStats(context, scale));
    } else if (part === 'count') {
      result.append('count', countOf(context));
    } else {
      throw new StoreError(238, `'${part}' of $collStats is not supported by this store`);
    }
  }
  return result;
}

function countOf(context: CommandContext): number {
  const collection = targetCollection(context);
  if (collection !== undefined) return documentCount(context, collection);
  const namespace = `${context.database}.${targetName(context)}`;
  throw new StoreError(26, `Unable to retrieve count in $collStats stage: Collection [${namespace}] not found.`, {
    codeName: 'NamespaceNotFound',
  });
}

/** `dbStats`; sizes are estimates from samples. */
export const dbStats: Command = {
  fields: ['dbStats', 'dbstats', 'scale', 'freeStorage'],
  run(context) {
    const collections = context.server.store.catalog.list(context.database);
    const sizes = collections.map((collection) => measure(context, collection));
    const scale = context.body.number('scale') ?? 1;
    const total = (of: (size: Measure) => number): number => sizes.reduce((sum, size) => sum + of(size), 0);
    const objects = total(({ count }) => count);
    const bytes = total((size) => size.bytes);
    const indexBytes = total(({ indexes }) => indexes.reduce((sum, [, size]) => sum + size, 0));
    return Doc.of([
      ['db', context.database],
      ['collections', collections.length],
      ['views', 0],
      ['objects', objects],
      ['avgObjSize', double(objects === 0 ? 0 : bytes / objects)],
      ['dataSize', double(bytes / scale)],
      ['storageSize', double(bytes / scale)],
      ['indexes', total(({ indexes }) => indexes.length)],
      ['indexSize', double(indexBytes / scale)],
      ['totalSize', double((bytes + indexBytes) / scale)],
      ['scaleFactor', scale],
      ['fsUsedSize', double(context.server.store.environment.fileBytes() / scale)],
    ]);
  },
};

/** `listDatabases`. */
export const listDatabases: Command = {
  adminOnly: true,
  fields: ['listDatabases', 'nameOnly', 'filter', 'authorizedDatabases'],
  run(context) {
    const { catalog } = context.server.store;
    const nameOnly = context.body.boolean('nameOnly') === true;
    const matches = compileFilter(context.body.document('filter') ?? new Doc());
    const names = [...new Set(catalog.all().map(({ database }) => database))].sort();
    const databases = names
      .map((name) => new Doc(['name', 'sizeOnDisk', 'empty'], [name, databaseBytes(context, name), false]))
      .filter(matches);
    if (nameOnly) return new Doc(['databases'], [databases.map((doc) => new Doc(['name'], [doc.values[0] as Value]))]);
    const total = databases.reduce((sum, doc) => sum + Number(doc.get('sizeOnDisk')), 0);
    return Doc.of([
      ['databases', databases],
      ['totalSize', double(total)],
      ['totalSizeMb', double(Math.floor(total / 2 ** 20))],
    ]);
  },
};

function databaseBytes(context: CommandContext, name: string): Value {
  const sizes = context.server.store.catalog.list(name).map((collection) => measure(context, collection));
  return double(
    sizes.reduce((sum, { bytes, indexes }) => sum + bytes + indexes.reduce((all, [, size]) => all + size, 0), 0),
  );
}
