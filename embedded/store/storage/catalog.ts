import { randomUUID } from 'node:crypto';
import { decodeDoc, Doc, encodeDoc, equalValues, StoreError, type Value } from '../values/index.js';
import type { Reader, Writer } from './environment.js';
import { readRecord, recordBytes, recordOfKey, wholeRange } from './keys.js';
import { indexFromSpec, type IndexDefinition } from './index-definition.js';

const COLLECTION_PREFIX = 'collection:';
const TRASH_PREFIX = 'trash:';
const NEXT_ID = Buffer.from('nextId');
const VERSION = Buffer.from('catalogVersion');

/** A collection as the running store knows it; persisted by {@link Catalog.save}. */
export interface Collection {
  readonly id: number;
  readonly database: string;
  name: string;
  readonly uuid: string;
  readonly options: Doc;
  /** The index on `_id` comes first. */
  indexes: IndexDefinition[];
  /** Number of the next record; also the order of insertion. */
  nextRecord: number;
  /** Set when it was dropped; whoever still reads it must stop. */
  dropped: boolean;
  /** The index build that is running. */
  building: Promise<void> | undefined;
  /** Number of documents after the commit `sequence`, once somebody asked for it; later commits are added to it. */
  count: { value: number; readonly sequence: number } | undefined;
}

/** The full name, `database.collection`. */
export function namespaceOf(collection: { database: string; name: string }): string {
  return `${collection.database}.${collection.name}`;
}

/** What a range of dropped data is, so that it can be removed piece by piece, after a restart too. */
export interface Trash {
  table: 'documents' | 'indexes';
  id: number;
}

/** The collections and indexes: in memory for every command, on disk for the next start. */
export class Catalog {
  private collections = new Map<string, Collection>();
  private nextId = 1;
  /** Numbers the states of the catalog and is stored with each, so that memory notices when its newest was not committed. */
  private version = 0;
  /** Dropped ranges that still hold data. */
  private removed: Trash[] = [];

  constructor(reader: Reader) {
    this.reload(reader);
  }

  /**
   * Reads everything again when a commit that changed the catalog has failed, which leaves memory ahead of the disk. To
   * be called first in every commit, where `reader` shows all commits before it.
   */
  sync(reader: Reader): void {
    if (this.isAhead(reader)) this.reload(reader);
  }

  /** True while memory holds a state that the reader does not show. */
  isAhead(reader: Reader): boolean {
    return storedNumber(reader, VERSION) !== this.version;
  }

  private reload(reader: Reader): void {
    this.version = storedNumber(reader, VERSION);
    // Collections that open transactions are about to create have taken numbers already.
    this.nextId = Math.max(this.nextId, storedNumber(reader, NEXT_ID));
    const known = new Map(this.all().map((collection) => [collection.id, collection]));
    this.collections = new Map();
    for (const value of metaValues(reader, COLLECTION_PREFIX)) {
      const stored = collectionFromDoc(decodeDoc(value), reader);
      const collection = refreshed(known.get(stored.id), stored);
      this.collections.set(namespaceOf(collection), collection);
    }
    this.removed = metaValues(reader, TRASH_PREFIX).map((value) => JSON.parse(value.toString()) as Trash);
  }

  find(database: string, name: string): Collection | undefined {
    return this.collections.get(`${database}.${name}`);
  }

  /** True until the collection is dropped. */
  has(collection: Collection): boolean {
    return this.collections.get(namespaceOf(collection)) === collection;
  }

  /** The collections of one database, by name. */
  list(database: string): Collection[] {
    return this.all()
      .filter((collection) => collection.database === database)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Collection[] {
    return [...this.collections.values()];
  }

  /** Creates a collection with its `_id` index. The caller has checked that the name is free. */
  create(writer: Writer, database: string, name: string): Collection {
    const collection = this.draft(database, name);
    this.adopt(writer, collection);
    return collection;
  }

  /** A new collection that nobody finds before {@link adopt}. Throws StoreError 73 for a bad name. */
  draft(database: string, name: string): Collection {
    checkName(database, name);
    const spec = Doc.of([
      ['v', 2],
      ['key', Doc.of([['_id', 1]])],
      ['name', '_id_'],
    ]);
    return {
      id: this.nextId++,
      database,
      name,
      uuid: randomUUID(),
      options: new Doc(),
      indexes: [indexFromSpec(this.nextId++, spec, { ready: true })],
      nextRecord: 1,
      dropped: false,
      building: undefined,
      count: undefined,
    };
  }

  /** Stores a drafted collection under its name, which the caller has checked to be free. */
  adopt(writer: Writer, collection: Collection): void {
    this.collections.set(namespaceOf(collection), collection);
    this.save(writer, collection);
  }

  /** Forgets a collection and leaves its data to the cleaner. */
  drop(writer: Writer, collection: Collection): void {
    this.collections.delete(namespaceOf(collection));
    collection.dropped = true;
    writer.remove('meta', collectionKey(collection));
    this.stamp(writer);
    this.discard(writer, { table: 'documents', id: collection.id });
    for (const index of collection.indexes) this.discard(writer, { table: 'indexes', id: index.id });
  }

  rename(writer: Writer, collection: Collection, name: string): void {
    checkName(collection.database, name);
    this.collections.delete(namespaceOf(collection));
    collection.name = name;
    this.collections.set(namespaceOf(collection), collection);
    this.save(writer, collection);
  }

  /** Adds an index that writers maintain from now on; readers ignore it until it is `ready`. */
  addIndex(writer: Writer, collection: Collection, spec: Doc): IndexDefinition {
    const index = indexFromSpec(this.nextId++, spec, { ready: false });
    collection.indexes = [...collection.indexes, index];
    this.save(writer, collection);
    return index;
  }

  removeIndex(writer: Writer, collection: Collection, index: IndexDefinition): void {
    collection.indexes = collection.indexes.filter((other) => other !== index);
    index.dropped = true;
    this.save(writer, collection);
    this.discard(writer, { table: 'indexes', id: index.id });
  }

  /** Writes the collection's entry; `completed` are indexes that are ready on disk with this commit. */
  save(writer: Writer, collection: Collection, completed: readonly IndexDefinition[] = []): void {
    writer.put('meta', collectionKey(collection), encodeDoc(collectionToDoc(collection, completed)));
    this.stamp(writer);
  }

  /** Leaves a range to the cleaner. */
  discard(writer: Writer, trash: Trash): void {
    this.removed.push(trash);
    writer.put('meta', trashKey(trash), Buffer.from(JSON.stringify(trash)));
    this.stamp(writer);
  }

  /** The dropped ranges that still hold data. */
  trash(): readonly Trash[] {
    return this.removed;
  }

  /** Notes that a dropped range is empty now. */
  forget(writer: Writer, trash: Trash): void {
    this.removed = this.removed.filter((other) => other !== trash);
    writer.remove('meta', trashKey(trash));
    this.stamp(writer);
  }

  private stamp(writer: Writer): void {
    this.version += 1;
    writer.put('meta', VERSION, recordBytes(this.version));
    writer.put('meta', NEXT_ID, recordBytes(this.nextId));
  }
}

function storedNumber(reader: Reader, key: Buffer): number {
  const stored = reader.get('meta', key);
  return stored === undefined ? 0 : readRecord(stored);
}

/** Open transactions and index builds hold on to collections and indexes and have taken record numbers: these stay. */
function refreshed(known: Collection | undefined, stored: Collection): Collection {
  if (known === undefined) return stored;
  const nextRecord = Math.max(known.nextRecord, stored.nextRecord);
  const indexes = stored.indexes.map((index) => refreshedIndex(known.indexes, index));
  return Object.assign(known, { name: stored.name, indexes, count: undefined, nextRecord });
}

function refreshedIndex(known: readonly IndexDefinition[], stored: IndexDefinition): IndexDefinition {
  const index = known.find(({ id }) => id === stored.id);
  if (index === undefined || !equalValues(index.spec, stored.spec)) return stored;
  index.multikeyChanged = index.multikey.some((flag, at) => flag !== stored.multikey[at]);
  return index;
}

function collectionKey(collection: Collection): Buffer {
  return Buffer.from(`${COLLECTION_PREFIX}${collection.id}`);
}

function trashKey(trash: Trash): Buffer {
  return Buffer.from(`${TRASH_PREFIX}${trash.table}:${trash.id}`);
}

function metaValues(reader: Reader, prefix: string): Buffer[] {
  const range = { low: Buffer.from(prefix), high: Buffer.from(`${prefix}~`) };
  return reader.range('meta', range, Number.MAX_SAFE_INTEGER).map((entry) => entry.value);
}

function collectionToDoc(collection: Collection, completed: readonly IndexDefinition[]): Doc {
  const indexes = collection.indexes.map((index) =>
    Doc.of([
      ['id', index.id],
      ['spec', index.spec],
      ['multikey', [...index.multikey]],
      ['ready', index.ready || completed.some(({ id }) => id === index.id)],
    ]),
  );
  return Doc.of([
    ['id', collection.id],
    ['database', collection.database],
    ['name', collection.name],
    ['uuid', collection.uuid],
    ['options', collection.options],
    ['indexes', indexes],
  ]);
}

function collectionFromDoc(doc: Doc, reader: Reader): Collection {
  const id = doc.get('id') as number;
  const last = reader.range('documents', wholeRange(id), 1, true)[0];
  return {
    id,
    database: doc.get('database') as string,
    name: doc.get('name') as string,
    uuid: doc.get('uuid') as string,
    options: doc.get('options') as Doc,
    indexes: (doc.get('indexes') as Doc[]).map((index) =>
      indexFromSpec(index.get('id') as number, index.get('spec') as Doc, {
        ready: index.get('ready') as boolean,
        multikey: (index.get('multikey') as Value[]).map((flag) => flag === true),
      }),
    ),
    nextRecord: last === undefined ? 1 : recordOfKey(last.key) + 1,
    dropped: false,
    building: undefined,
    count: undefined,
  };
}

/** The longest namespace, in bytes (MongoDB's limit since 4.4). */
const MAX_NAMESPACE_BYTES = 255;

function checkName(database: string, name: string): void {
  if (name === '') throw new StoreError(73, `Invalid namespace specified '${database}.'`);
  if (name.includes('$') || name.includes('\0') || name.startsWith('.')) {
    throw new StoreError(73, `Invalid collection name: ${name}`);
  }
  if (name.startsWith('system.')) throw new StoreError(73, `Cannot write to the system collection ${database}.${name}`);
  if (/[/\\. "$*<>:|?\0]/.test(database) || database === '' || database.length > 63) {
    throw new StoreError(73, `Invalid database name: '${database}'`);
  }
  if (Buffer.byteLength(`${database}.${name}`) > MAX_NAMESPACE_BYTES) {
    throw new StoreError(73, `Fully qualified namespace is too long: ${database}.${name}`);
  }
}
