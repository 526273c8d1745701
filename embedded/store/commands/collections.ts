import { Binary } from 'bson';
import { compileFilter } from '../query/index.js';
import type { Collection } from '../storage/catalog.js';
import { Doc, encodeDoc, StoreError, type Value } from '../values/index.js';
import { cursorOwner } from './find.js';
import { targetCollection, targetName, type Command, type CommandContext } from './context.js';

/** Options of `create` that are honoured as MongoDB does or say what is the case anyway. */
const CREATE_FIELDS = [
  'create',
  'capped',
  'autoIndexId',
  'size',
  'max',
  'storageEngine',
  'validator',
  'validationLevel',
  'validationAction',
];
const REFUSED_OPTIONS = [
  'capped',
  'storageEngine',
  'validator',
  'timeseries',
  'clusteredIndex',
  'viewOn',
  'pipeline',
  'collation',
  'changeStreamPreAndPostImages',
  'encryptedFields',
  'expireAfterSeconds',
];

/** `create`: a plain collection. */
export const create: Command = {
  fields: [...new Set([...CREATE_FIELDS, ...REFUSED_OPTIONS]), 'indexOptionDefaults', 'idIndex', 'temp'],
  async run(context) {
    context.body.refuse(...REFUSED_OPTIONS, 'indexOptionDefaults', 'temp');
    const { store } = context.server;
    const name = targetName(context);
    await store.createCollection(context.database, name);
    return new Doc();
  },
};

/** `drop`. */
export const drop: Command = {
  fields: ['drop'],
  async run(context) {
    const collection = targetCollection(context);
    if (collection === undefined) return new Doc();
    const indexes = collection.indexes.length;
    await dropAll(context, [collection]);
    return new Doc(['nIndexesWas', 'ns'], [indexes, `${context.database}.${collection.name}`]);
  },
};

/** `dropDatabase`. */
export const dropDatabase: Command = {
  fields: ['dropDatabase'],
  async run(context) {
    await dropAll(context, context.server.store.catalog.list(context.database));
    return new Doc(['dropped'], [context.database]);
  },
};

async function dropAll({ server: { store } }: CommandContext, collections: readonly Collection[]): Promise<void> {
  await store.writeAlone(collections, ({ writer }) => {
    for (const collection of collections) {
      if (store.catalog.has(collection)) store.catalog.drop(writer, collection);
    }
  });
}

/** `renameCollection`, within one database. */
export const renameCollection: Command = {
  adminOnly: true,
  fields: ['renameCollection', 'to', 'dropTarget'],
  async run(context) {
    const [database, name] = splitNamespace(targetName(context));
    const [toDatabase, to] = splitNamespace(context.body.string('to') ?? '');
    if (toDatabase !== database)
      throw new StoreError(238, 'renameCollection to another database is not supported by this store');
    const { store } = context.server;
    const collection = store.catalog.find(database, name);
    if (collection === undefined)
      throw new StoreError(26, `Source collection ${database}.${name} does not exist`, {
        codeName: 'NamespaceNotFound',
      });
    if (to === name) throw new StoreError(20, "Can't rename a collection to itself");
    const target = store.catalog.find(database, to);
    if (target !== undefined && context.body.boolean('dropTarget') !== true) {
      throw new StoreError(48, 'target namespace exists', { codeName: 'NamespaceExists' });
    }
    await store.writeAlone(target === undefined ? [collection] : [collection, target], ({ writer }) => {
      if (target !== undefined && store.catalog.has(target)) store.catalog.drop(writer, target);
      store.catalog.rename(writer, collection, to);
    });
    return new Doc();
  },
};

function splitNamespace(namespace: string): [database: string, name: string] {
  const dot = namespace.indexOf('.');
  if (dot <= 0 || dot === namespace.length - 1) throw new StoreError(73, `Invalid namespace specified '${namespace}'`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

/** `listCollections`. */
export const listCollections: Command = {
  fields: ['listCollections', 'filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  async run(context) {
    const matches = compileFilter(context.body.document('filter') ?? new Doc());
    const nameOnly = context.body.boolean('nameOnly') === true;
    const found = context.server.store.catalog
      .list(context.database)
      .map(describe)
      .filter(matches)
      .map((doc) => (nameOnly ? new Doc(['name', 'type'], [doc.get('name') as Value, 'collection']) : doc));
    return listSource(context, `${context.database}.$cmd.listCollections`, found.map(encodeDoc));
  },
};

function describe(collection: Collection): Doc {
  const uuid = new Binary(Buffer.from(collection.uuid.replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID);
  const info = new Doc(['readOnly', 'uuid'], [false, uuid]);
  const idIndex = collection.indexes[0]?.spec ?? new Doc();
  return new Doc(
    ['name', 'type', 'options', 'info', 'idIndex'],
    [collection.name, 'collection', collection.options, info, idIndex],
  );
}

/** Answers a list of documents as a cursor. */
export async function listSource(
  context: CommandContext,
  namespace: string,
  documents: readonly Uint8Array[],
): Promise<Buffer> {
  const rest = documents[Symbol.iterator]();
  const source = {
    next: (): Uint8Array | null => rest.next().value ?? null,
    interrupted: (): void => undefined,
    close: (): void => undefined,
  };
  const batchSize = batchSizeOf(context);
  return context.server.cursors.open(
    { namespace, source, batchSize, single: false, ...cursorOwner(context) },
    context.pace,
  );
}

/** The `batchSize` inside a command's `cursor` option. */
export function batchSizeOf({ body }: CommandContext): number | undefined {
  const size = body.document('cursor')?.get('batchSize');
  return typeof size === 'number' && size >= 0
    ? size
    : typeof size === 'bigint' && size >= 0n
      ? Number(size)
      : undefined;
}
