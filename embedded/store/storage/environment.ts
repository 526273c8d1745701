import { open, type Database, type RootDatabase, type Transaction } from 'lmdb';

/** The key spaces of the store; each is one LMDB database of binary keys and values. */
export const TABLES = ['meta', 'documents', 'indexes', 'sessions'] as const;
export type Table = (typeof TABLES)[number];

/** One entry of a key range. */
export interface Entry {
  key: Buffer;
  value: Buffer;
}

/** A half-open range of keys: `low` belongs to it, `high` does not, whatever the direction of the walk. */
export interface KeyRange {
  low: Buffer;
  high: Buffer;
}

/** Consistent reads within one turn of the event loop, or for as long as a {@link Snapshot} is open. */
export interface Reader {
  get(table: Table, key: Buffer): Buffer | undefined;
  /** At most `limit` entries of the range, from its low end, or from its high end when `reverse`. */
  range(table: Table, range: KeyRange, limit: number, reverse?: boolean): Entry[];
  count(table: Table, range: KeyRange): number;
}

/** A reader that keeps showing the state it was opened on; `close` lets LMDB reuse the pages. */
export interface Snapshot extends Reader {
  close(): void;
}

/** A read from a snapshot after `close`. */
export class SnapshotClosedError extends Error {}

/** Reads see the writes made through it; nothing is visible to others before the commit. */
export interface Writer extends Reader {
  put(table: Table, key: Buffer, value: Buffer): void;
  remove(table: Table, key: Buffer): void;
}

type BinaryDatabase = Database<Buffer, Buffer>;

/** Snapshots that may be open at once; LMDB reserves a slot of 64 bytes for each. */
const MAX_READERS = 2048;
/** Address space reserved for the data file, so that it rarely has to be mapped again; it is no memory and no disk. */
const MAP_BYTES = 2 ** 38;

function openRoot(directory: string, flush: boolean, mapSize: number | undefined): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    encoding: 'binary',
    keyEncoding: 'binary',
    path: directory,
    maxReaders: MAX_READERS,
    maxDbs: TABLES.length + 1,
    // Every write is a batch of its own here; lmdb's batches per turn leave a rejection unhandled when a commit fails.
    eventTurnBatching: false,
    // With it, commits would be acknowledged before they are on disk.
    overlappingSync: false,
    noSync: !flush,
    ...(mapSize === undefined ? {} : { mapSize }),
  });
}

/** The one place that knows LMDB: four tables, snapshots, and durable batched writes. */
export class Environment implements Reader {
  private constructor(
    private readonly root: RootDatabase<Buffer, Buffer>,
    private readonly tables: Record<Table, BinaryDatabase>,
  ) {}

  /** Opens or creates the data file in `directory`; without `flush`, commits are not waited for on disk. Throws LMDB's error when the file is damaged or cannot be read. */
  static open(directory: string, flush = true): Environment {
    let root: RootDatabase<Buffer, Buffer>;
    try {
      root = openRoot(directory, flush, MAP_BYTES);
    } catch (error) {
      // A limit on address space (ulimit -v): LMDB starts small and grows.
      if (!/ENOMEM|Cannot allocate/.test(String(error))) throw error;
      root = openRoot(directory, flush, undefined);
    }
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    const openTable = (name: Table): BinaryDatabase => root.openDB<Buffer, Buffer>({ name, ...binary });
    const tables = {
      meta: openTable('meta'),
      documents: openTable('documents'),
      indexes: openTable('indexes'),
      sessions: openTable('sessions'),
    };
    return new Environment(root, tables);
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    return this.tables[table].getBinary(key);
  }

  range(table: Table, range: KeyRange, limit: number, reverse = false): Entry[] {
    return readRange(this.tables[table], range, limit, reverse);
  }

  count(table: Table, range: KeyRange): number {
    return this.tables[table].getKeysCount({ start: range.low, end: range.high });
  }

  /** Pins the newest committed state. */
  snapshot(): Snapshot {
    this.root.resetReadTxn();
    const transaction = this.root.useReadTransaction();
    return new PinnedSnapshot(this.tables, transaction);
  }

  /**
   * Runs `work` inside LMDB's write transaction, together with the work of other callers (group commit), and resolves
   * with its result once the commit is flushed to disk. `work` runs synchronously; what it throws, it must throw before
   * its first write, because the batch it belongs to is committed all the same.
   */
  async write<T>(work: (writer: Writer) => T): Promise<T> {
    try {
      return await this.root.transaction(() => work(new BatchWriter(this, this.tables)));
    } catch (error) {
      throw (await commitCause(error)) ?? error;
    }
  }

  /** Bytes of the data file. */
  fileBytes(): number {
    const stats = this.root.getStats() as { lastPageNumber: number; pageSize: number };
    return (stats.lastPageNumber + 1) * stats.pageSize;
  }

  /** Waits for running commits, then closes the file. */
  async close(): Promise<void> {
    await this.root.close();
  }
}

/** Time that LMDB's own reason for a failed commit may take to arrive after the failure. */
const CAUSE_TIMEOUT_MS = 200;

/** A failed commit carries a promise that rejects with the reason, a little later. */
async function commitCause(error: unknown): Promise<unknown> {
  const reason = (error as { commitError?: Promise<never> }).commitError;
  if (reason === undefined) return undefined;
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, CAUSE_TIMEOUT_MS, undefined).unref());
  return Promise.race([reason.catch((cause: unknown) => cause), patience]);
}

function readRange(
  table: BinaryDatabase,
  { low, high }: KeyRange,
  limit: number,
  reverse: boolean,
  transaction?: Transaction,
): Entry[] {
  const from = transaction === undefined ? { limit } : { limit, transaction };
  const options = reverse
    ? { ...from, start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse: true }
    : { ...from, start: low, end: high };
  const entries: Entry[] = [];
  for (const entry of table.getRange(options)) entries.push({ key: asBuffer(entry.key), value: asBuffer(entry.value) });
  return entries;
}

/** LMDB returns plain byte arrays or buffers over memory of their own. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

class PinnedSnapshot implements Snapshot {
  private closed = false;

  constructor(
    private readonly tables: Record<Table, BinaryDatabase>,
    private readonly transaction: Transaction,
  ) {}

  get(table: Table, key: Buffer): Buffer | undefined {
    this.requireOpen();
    return (this.tables[table] as SnapshotGet).getBinary(key, { transaction: this.transaction });
  }

  range(table: Table, range: KeyRange, limit: number, reverse = false): Entry[] {
    this.requireOpen();
    return readRange(this.tables[table], range, limit, reverse, this.transaction);
  }

  count(table: Table, range: KeyRange): number {
    this.requireOpen();
    return this.tables[table].getKeysCount({ start: range.low, end: range.high, transaction: this.transaction });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.transaction.done();
  }

  /** A scan may go on after its transaction was ended by its lifetime. */
  private requireOpen(): void {
    if (this.closed) throw new SnapshotClosedError('the snapshot is closed');
  }
}

/** lmdb's types leave out that `getBinary` takes the same options as `get`. */
interface SnapshotGet {
  getBinary(key: Buffer, options: { transaction: Transaction }): Buffer | undefined;
}

class BatchWriter implements Writer {
  constructor(
    private readonly environment: Environment,
    private readonly tables: Record<Table, BinaryDatabase>,
  ) {}

  get(table: Table, key: Buffer): Buffer | undefined {
    return this.environment.get(table, key);
  }

  range(table: Table, range: KeyRange, limit: number, reverse = false): Entry[] {
    return this.environment.range(table, range, limit, reverse);
  }

  count(table: Table, range: KeyRange): number {
    return this.environment.count(table, range);
  }

  put(table: Table, key: Buffer, value: Buffer): void {
    this.tables[table].putSync(key, value);
  }

  remove(table: Table, key: Buffer): void {
    this.tables[table].removeSync(key);
  }
}
