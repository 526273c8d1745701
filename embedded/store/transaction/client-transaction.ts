import type { Collection } from '../storage/catalog.js';
import type { Snapshot } from '../storage/environment.js';
import {
  duplicateKey,
  entryKeyOf,
  indexChanges,
  recordName,
  uniqueName,
  type IndexChange,
  type Stored,
} from '../storage/records.js';
import { StoreError, type Doc } from '../values/index.js';
import type { WriteHistory } from './history.js';
import { writeConflict, type LockOwner, type LockTable } from './locks.js';
import type { Overlay, OverlayRecord, ReadView } from './read-view.js';
import type { WriteTarget } from './write-target.js';

/** Most records that one transaction may write. */
export const MAX_OVERLAY_RECORDS = 1000;
/** Most bytes of documents that one transaction may write. */
export const MAX_OVERLAY_BYTES = 16 * 1024 * 1024;

/** One written collection of a transaction. */
export interface OverlayCollection {
  collection: Collection;
  records: Map<number, OverlayRecord>;
}

/** An open transaction of a client: a snapshot, the writes over it, and locks on what it wrote. */
export class ClientTransaction implements WriteTarget, LockOwner {
  readonly view: ReadView;
  readonly ended: Promise<void>;
  /** Collections read or written; dropping one waits for this transaction. */
  readonly collections = new Set<Collection>();
  /** Collections that its commit will create, by namespace. */
  readonly created = new Map<string, Collection>();
  readonly startedAt = Date.now();
  readonly written = new Map<number, OverlayCollection>();
  /** Unique keys as this transaction left them: the record that has it, or undefined when it was given up. */
  private readonly uniqueKeys = new Map<string, number | undefined>();
  private resolveEnded: () => void = () => undefined;
  private records = 0;
  private bytes = 0;
  private finished = false;

  constructor(
    private readonly snapshot: Snapshot,
    readonly sequence: number,
    private readonly locks: LockTable,
    private readonly history: WriteHistory,
  ) {
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    this.view = {
      reader: snapshot,
      overlay: (collection): Overlay | undefined => this.written.get(collection)?.records,
      sequence,
    };
  }

  insert(collection: Collection, bytes: Buffer, doc: Doc): void {
    this.apply(collection, undefined, { record: collection.nextRecord++, bytes, doc });
  }

  replace(collection: Collection, stored: Stored, bytes: Buffer, doc: Doc): void {
    this.apply(collection, stored, { record: stored.record, bytes, doc });
  }

  remove(collection: Collection, stored: Stored): void {
    this.apply(collection, stored, undefined);
  }

  /** Releases locks and snapshot; commit and abort both end here. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.locks.releaseAll(this);
    this.snapshot.close();
    this.resolveEnded();
  }

  private apply(collection: Collection, before: Stored | undefined, after: Stored | undefined): void {
    const record = (before ?? after)?.record as number;
    const changes = indexChanges(collection, before?.doc, after?.doc);
    if (before !== undefined) this.lock(recordName(collection, record));
    for (const change of changes) this.lockUnique(collection, change, after?.doc);
    this.note(collection, record, before, after);
    for (const { index, removed, added } of changes) {
      if (!index.unique) continue;
      for (const key of removed) this.uniqueKeys.set(uniqueName(index, key), undefined);
      for (const key of added) this.uniqueKeys.set(uniqueName(index, key), record);
    }
  }

  private lock(name: string): void {
    this.locks.acquire(name, this);
    if (this.history.changedSince(name, this.sequence)) throw writeConflict();
  }

  private lockUnique(collection: Collection, { index, removed, added }: IndexChange, doc: Doc | undefined): void {
    if (!index.unique) return;
    for (const key of removed) this.lock(uniqueName(index, key));
    for (const key of added) {
      const name = uniqueName(index, key);
      if (doc !== undefined && this.holdsUnique(index, key, name)) throw duplicateKey(collection, index, key, doc);
      this.lock(name);
    }
  }

  private holdsUnique(index: IndexChange['index'], key: Buffer, name: string): boolean {
    if (this.uniqueKeys.has(name)) return this.uniqueKeys.get(name) !== undefined;
    return this.view.reader.get('indexes', entryKeyOf(index, key, 0)) !== undefined;
  }

  private note(collection: Collection, record: number, before: Stored | undefined, after: Stored | undefined): void {
    const entry = this.written.get(collection.id) ?? { collection, records: new Map<number, OverlayRecord>() };
    const known = entry.records.get(record);
    const records = this.records + (known === undefined ? 1 : 0);
    const bytes = this.bytes + (after?.bytes.length ?? 0) - (known?.after?.bytes.length ?? 0);
    if (records > MAX_OVERLAY_RECORDS || bytes > MAX_OVERLAY_BYTES) {
      throw new StoreError(
        257,
        `A transaction of this store may write at most ${MAX_OVERLAY_RECORDS} documents and ${MAX_OVERLAY_BYTES} bytes; split it`,
        { codeName: 'TransactionTooLarge' },
      );
    }
    this.records = records;
    this.bytes = bytes;
    this.written.set(collection.id, entry);
    this.collections.add(collection);
    entry.records.set(record, { before: known === undefined ? before : known.before, after });
  }
}
