import { hostname } from 'node:os';
import type { Collection } from '../storage/catalog.js';
import { wholeRange } from '../storage/keys.js';
import { Doc, double, StoreError, type Value } from '../values/index.js';
import { documentCount } from './count.js';
import { targetCollection, targetName, viewOf, type Command, type CommandContext } from './context.js';
import { SERVER_VERSION } from './handshake.js';

/** Documents whose size is looked at to estimate the size of a collection. */
const SAMPLE = 1000;

/** Number of documents and their estimated bytes, from the average of the first thousand. */
function measure(context: CommandContext, collection: Collection): { count: number; bytes: number } {
  const view = viewOf(context);
  const count = documentCount(context, collection);
  const sample = view.reader.range('documents', wholeRange(collection.id), SAMPLE);
  const bytes = sample.reduce((sum, { value }) => sum + value.length, 0);
  return { count, bytes: sample.length === 0 ? 0 : Math.round((bytes / sample.length) * count) };
}

/** `collStats`; sizes are estimates from a sample. */
export const collStats: Command = {
  fields: ['collStats', 'collstats', 'scale'],
  run(context) {
    const collection = targetCollection(context);
    const ns = `${context.database}.${targetName(context)}`;
    if (collection === undefined)
      return statistics([
        ['ns', ns],
        ['size', 0],
        ['count', 0],
        ['storageSize', 0],
        ['nindexes', 0],
        ['totalIndexSize', 0],
        ['indexSizes', new Doc()],
      ]);
    const { count, bytes } = measure(context, collection);
    const scale = context.body.number('scale') ?? 1;
    return statistics([
      ['ns', ns],
      ['size', Math.round(bytes / scale)],
      ['count', count],
      ['avgObjSize', count === 0 ? 0 : Math.round(bytes / count)],
      ['storageSize', Math.round(bytes / scale)],
      ['nindexes', collection.indexes.length],
      ['capped', false],
    ]);
  },
};

/** `dbStats`; sizes are estimates from samples. */
export const dbStats: Command = {
  fields: ['dbStats', 'dbstats', 'scale', 'freeStorage'],
  run(context) {
    const collections = context.server.store.catalog.list(context.database);
    const sizes = collections.map((collection) => measure(context, collection));
    const scale = context.body.number('scale') ?? 1;
    const objects = sizes.reduce((sum, { count }) => sum + count, 0);
    const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
    return statistics([
      ['db', context.database],
      ['collections', collections.length],
      ['views', 0],
      ['objects', objects],
      ['avgObjSize', objects === 0 ? 0 : bytes / objects],
      ['dataSize', bytes / scale],
      ['storageSize', bytes / scale],
      ['indexes', collections.reduce((sum, { indexes }) => sum + indexes.length, 0)],
      ['fsUsedSize', context.server.store.environment.fileBytes() / scale],
      ['scaleFactor', scale],
    ]);
  },
};

function statistics(fields: Array<[string, Value]>): Doc {
  return Doc.of(fields);
}

/** `serverStatus`: the parts that tell something here. */
export const serverStatus: Command = {
  fields: ['serverStatus', 'serverstatus', 'repl', 'metrics', 'locks'],
  run({ server }) {
    const memory = process.memoryUsage();
    const uptime = (Date.now() - server.startedAt.getTime()) / 1000;
    return Doc.of([
      ['host', hostname()],
      ['version', SERVER_VERSION],
      ['process', 'switchboard-store'],
      ['pid', BigInt(process.pid)],
      ['uptime', double(uptime)],
      ['localTime', new Date()],
      ['connections', Doc.of([['current', server.connections()]])],
      ['mem', Doc.of([['resident', Math.round(memory.rss / 2 ** 20)]])],
      [
        'storageEngine',
        Doc.of([
          ['name', 'lmdb'],
          ['persistent', true],
        ]),
      ],
      ['transactions', Doc.of([['currentOpen', server.store.transactions.size]])],
      ['metrics', Doc.of([['cursor', Doc.of([['open', Doc.of([['total', server.cursors.size]])]])]])],
    ]);
  },
};

/** `connectionStatus`. */
export const connectionStatus: Command = {
  fields: ['connectionStatus', 'showPrivileges'],
  inTransaction: true,
  run: () =>
    Doc.of([
      [
        'authInfo',
        Doc.of([
          ['authenticatedUsers', []],
          ['authenticatedUserRoles', []],
        ]),
      ],
    ]),
};

/** `listDatabases`. */
export const listDatabases: Command = {
  fields: ['listDatabases', 'nameOnly', 'filter', 'authorizedDatabases'],
  run(context) {
    context.body.refuse('filter');
    const { catalog } = context.server.store;
    const names = [...new Set(catalog.all().map(({ database }) => database))].sort();
    const databases = names.map((name) => {
      if (context.body.boolean('nameOnly') === true) return new Doc(['name'], [name]);
      const bytes = catalog.list(name).reduce((sum, collection) => sum + measure(context, collection).bytes, 0);
      return new Doc(['name', 'sizeOnDisk', 'empty'], [name, double(bytes), false]);
    });
    return new Doc(['databases', 'totalSize'], [databases, double(context.server.store.environment.fileBytes())]);
  },
};

/** `getParameter`: only the settings that exist here. */
export const getParameter: Command = {
  fields: ['getParameter', 'transactionLifetimeLimitSeconds', 'featureCompatibilityVersion', 'allParameters'],
  run({ body, server }) {
    const result = new Doc();
    const all = body.get('getParameter') === '*';
    if (all || body.get('transactionLifetimeLimitSeconds') !== undefined) {
      result.append('transactionLifetimeLimitSeconds', server.sessions.lifetimeSeconds);
    }
    if (all || body.get('featureCompatibilityVersion') !== undefined) {
      result.append('featureCompatibilityVersion', Doc.of([['version', SERVER_VERSION.slice(0, 3)]]));
    }
    if (result.size === 0) throw new StoreError(72, 'no option found to get');
    return result;
  },
};

/** `getLog`: there is none to be had through the protocol. */
export const getLog: Command = {
  fields: ['getLog'],
  run: () =>
    Doc.of([
      ['totalLinesWritten', 0],
      ['log', []],
    ]),
};
