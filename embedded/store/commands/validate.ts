import type { Snapshot } from '../storage/environment.js';
import { keysOf, type IndexDefinition } from '../storage/index-definition.js';
import { readRecord, recordOfKey, wholeRange } from '../storage/keys.js';
import { entryKeyOf } from '../storage/records.js';
import { decodeDoc, Doc, StoreError, type Value } from '../values/index.js';
import type { Collection } from '../storage/catalog.js';
import { targetCollection, targetName, type Command, type CommandContext } from './context.js';

/** Documents compared in one go. */
const CHUNK = 200;

interface IndexReport {
  index: IndexDefinition;
  /** Entries that the documents call for. */
  expected: number;
  missing: number;
}

/** `validate`: compares every document of a collection with every index entry, in one snapshot. Repairs nothing. */
export const validate: Command = {
  fields: ['validate', 'full', 'background', 'repair', 'metadata', 'checkBSONConformance', 'enforceFastCount'],
  endsWithClient: true,
  async run(context) {
    context.body.refuse('repair', 'metadata');
    const collection = targetCollection(context);
    const namespace = `${context.database}.${targetName(context)}`;
    if (collection === undefined) {
      throw new StoreError(26, `Collection '${namespace}' does not exist to validate.`, {
        codeName: 'NamespaceNotFound',
      });
    }
    const snapshot = context.server.store.environment.snapshot();
    try {
      return await report(context, collection, namespace, snapshot);
    } finally {
      snapshot.close();
    }
  },
};

async function report(
  context: CommandContext,
  collection: Collection,
  namespace: string,
  snapshot: Snapshot,
): Promise<Doc> {
  const reports = collection.indexes
    .filter((index) => index.ready)
    .map((index): IndexReport => ({ index, expected: 0, missing: 0 }));
  const { records, unreadable } = await compare(context, collection, snapshot, reports);
  const found = reports.map(({ index }) => snapshot.count('indexes', wholeRange(index.id)));
  const faults = reports.map(({ index, expected, missing }, at) => faultOf(index, expected, missing, found[at] ?? 0));
  const errors: Value[] = faults.filter((fault) => fault !== '');
  if (unreadable > 0) errors.unshift(`${unreadable} documents cannot be read`);
  return Doc.of([
    ['ns', namespace],
    ['nInvalidDocuments', unreadable],
    ['nrecords', records],
    ['nIndexes', reports.length],
    ['keysPerIndex', Doc.of(reports.map(({ index }, at) => [index.name, found[at] ?? 0]))],
    ['indexDetails', Doc.of(reports.map(({ index }, at) => [index.name, new Doc(['valid'], [faults[at] === ''])]))],
    ['valid', errors.length === 0],
    ['repaired', false],
    ['warnings', []],
    ['errors', errors],
  ]);
}

function faultOf({ name }: IndexDefinition, expected: number, missing: number, found: number): string {
  if (missing > 0) return `index ${name} lacks ${missing} entries`;
  return found === expected ? '' : `index ${name} has ${found} entries instead of ${expected}`;
}

/** Walks the documents and looks up each of their entries. */
async function compare(
  context: CommandContext,
  collection: Collection,
  snapshot: Snapshot,
  reports: readonly IndexReport[],
): Promise<{ records: number; unreadable: number }> {
  const { low: first, high } = wholeRange(collection.id);
  let low = first;
  let records = 0;
  let unreadable = 0;
  for (;;) {
    const entries = snapshot.range('documents', { low, high }, CHUNK);
    const last = entries[entries.length - 1];
    if (last === undefined) return { records, unreadable };
    for (const { key, value } of entries) {
      records += 1;
      const doc = readable(value);
      if (doc === undefined) unreadable += 1;
      else for (const one of reports) checkEntries(snapshot, one, doc, recordOfKey(key));
    }
    low = Buffer.concat([last.key, Buffer.from([0])]);
    if (context.pace.due()) await context.pace.pause();
  }
}

function readable(value: Buffer): Doc | undefined {
  try {
    return decodeDoc(value);
  } catch {
    return undefined;
  }
}

function checkEntries(snapshot: Snapshot, one: IndexReport, doc: Doc, record: number): void {
  for (const key of keysOf(one.index, doc)) {
    one.expected += 1;
    const entry = snapshot.get('indexes', entryKeyOf(one.index, key, record));
    if (entry === undefined || readRecord(entry) !== record) one.missing += 1;
  }
}
