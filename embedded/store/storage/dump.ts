import { createReadStream, createWriteStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { EJSON } from 'bson';
import type { Doc } from '../values/index.js';
import { decodeDoc, docFromJs, docToJs, StoreError } from '../values/index.js';
import { namespaceOf, type Collection } from './catalog.js';
import type { Reader } from './environment.js';
import { buildIndexes } from './index-build.js';
import { wholeRange } from './keys.js';
import type { Store } from './store.js';

/** How much a dump or a restore handled. */
export interface DumpReport {
  collections: number;
  documents: number;
}

/** Documents read or written in one go. */
const CHUNK = 200;

/**
 * Writes every collection as `DATABASE/COLLECTION.bson` with a `.metadata.json` beside it, the layout of mongodump, from
 * one snapshot: the store may go on writing meanwhile.
 */
export async function dump(store: Store, directory: string): Promise<DumpReport> {
  const report: DumpReport = { collections: 0, documents: 0 };
  const snapshot = store.environment.snapshot();
  try {
    for (const collection of store.catalog.all()) {
      const folder = join(directory, collection.database);
      mkdirSync(folder, { recursive: true });
      const base = join(folder, encodeURIComponent(collection.name));
      writeFileSync(`${base}.metadata.json`, metadataOf(collection));
      report.documents += await dumpDocuments(snapshot, collection, `${base}.bson`);
      report.collections += 1;
    }
  } finally {
    snapshot.close();
  }
  return report;
}

function metadataOf(collection: Collection): string {
  const metadata = {
    options: docToJs(collection.options),
    indexes: collection.indexes.filter((index) => index.ready).map((index) => docToJs(index.spec)),
    uuid: collection.uuid.replaceAll('-', ''),
    collectionName: collection.name,
    type: 'collection',
  };
  return EJSON.stringify(metadata, { relaxed: false });
}

async function dumpDocuments(reader: Reader, collection: Collection, path: string): Promise<number> {
  const file = createWriteStream(path);
  const ended = finished(file);
  const { low: first, high } = wholeRange(collection.id);
  let low = first;
  let count = 0;
  for (;;) {
    const entries = reader.range('documents', { low, high }, CHUNK);
    const last = entries[entries.length - 1];
    if (last === undefined) break;
    count += entries.length;
    low = Buffer.concat([last.key, Buffer.from([0])]);
    await new Promise<void>((resolve, reject) => {
      file.write(Buffer.concat(entries.map(({ value }) => value)), (error) => (error ? reject(error) : resolve()));
    });
  }
  file.end();
  await ended;
  return count;
}

/**
 * Reads a directory in mongodump's layout. A collection that exists is refused, unless `replace` is set: then it is
 * dropped first. Throws StoreError for what the store does not take.
 */
export async function restore(store: Store, directory: string, replace: boolean): Promise<DumpReport> {
  const report: DumpReport = { collections: 0, documents: 0 };
  for (const database of readdirSync(directory, { withFileTypes: true })) {
    if (!database.isDirectory()) continue;
    const folder = join(directory, database.name);
    for (const file of readdirSync(folder)) {
      if (!file.endsWith('.bson')) continue;
      const base = join(folder, file.slice(0, -'.bson'.length));
      const name = decodeURIComponent(file.slice(0, -'.bson'.length));
      report.documents += await restoreCollection(store, database.name, name, base, replace);
      report.collections += 1;
    }
  }
  return report;
}

async function restoreCollection(
  store: Store,
  database: string,
  name: string,
  base: string,
  replace: boolean,
): Promise<number> {
  const existing = store.catalog.find(database, name);
  if (existing !== undefined && !replace) {
    throw new StoreError(48, `${namespaceOf(existing)} exists; give --drop to replace it`, {
      codeName: 'NamespaceExists',
    });
  }
  const collection = await store.writeOnce(({ writer }) => {
    if (existing !== undefined) store.catalog.drop(writer, existing);
    return store.catalog.create(writer, database, name);
  });
  let count = 0;
  let batch: Buffer[] = [];
  const flush = async (): Promise<void> => {
    const documents = batch.map((bytes) => ({ bytes, doc: decodeDoc(bytes) }));
    batch = [];
    count += documents.length;
    await store.writeOnce((target) => {
      for (const { bytes, doc } of documents) target.insert(collection, bytes, doc);
    });
  };
  for await (const bytes of documentsOf(`${base}.bson`)) {
    batch.push(bytes);
    if (batch.length >= CHUNK) await flush();
  }
  await flush();
  const specs = indexSpecs(`${base}.metadata.json`);
  if (specs.length > 0) await buildIndexes(store, collection, specs);
  return count;
}

/** The BSON documents that follow each other in a file. */
async function* documentsOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0);
      if (size < 5) throw new StoreError(22, `${path} is not a dump: it holds a document of ${size} bytes`);
      yield Buffer.from(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  }
  if (rest.length > 0) throw new StoreError(22, `${path} ends in the middle of a document`);
}

function indexSpecs(path: string): Doc[] {
  const metadata = EJSON.parse(readFileSync(path, 'utf8'), { relaxed: false }) as { indexes?: object[] };
  return (metadata.indexes ?? []).map(docFromJs).filter((spec) => spec.get('name') !== '_id_');
}
