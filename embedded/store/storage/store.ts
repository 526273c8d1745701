import { DirectTarget } from '../transaction/direct-target.js';
import { ClientTransaction } from '../transaction/client-transaction.js';
import { WriteHistory } from '../transaction/history.js';
import { LockedError, LockTable } from '../transaction/locks.js';
import type { ReadView } from '../transaction/read-view.js';
import { StoreError } from '../values/index.js';
import { Catalog, namespaceOf, type Collection } from './catalog.js';
import { ClusterClock } from './cluster-clock.js';
import type { Environment, Reader, Writer } from './environment.js';
import { RECORD_BYTES, readRecord, recordBytes, wholeRange } from './keys.js';

const SEQUENCE = Buffer.from('sequence');

/** Each open transaction takes a reader's place in LMDB; some must be left for everybody else. */
const MAX_TRANSACTIONS = 1000;

/** The data of one directory with everything that keeps concurrent writers apart. */
export class Store {
  readonly catalog: Catalog;
  readonly locks = new LockTable();
  readonly history = new WriteHistory();
  readonly transactions = new Set<ClientTransaction>();
  /** Newest state without a snapshot: every turn of the event loop sees the last commit. */
  readonly newest: ReadView;
  readonly clock: ClusterClock;
  /** Counts commits; written with each of them, so that a snapshot knows its place. */
  private sequence: number;
  private committed: number;

  constructor(readonly environment: Environment) {
    this.catalog = new Catalog(environment);
    this.newest = { reader: environment, overlay: () => undefined, sequence: undefined };
    this.sequence = sequenceOf(environment);
    this.committed = this.sequence;
    this.clock = new ClusterClock(storedTime(environment));
  }

  /** Opens a transaction on the newest committed state. */
  begin(): ClientTransaction {
    if (this.transactions.size >= MAX_TRANSACTIONS) {
      throw new StoreError(24, `More than ${MAX_TRANSACTIONS} transactions are open at once`, {
        codeName: 'LockTimeout',
        labels: ['TransientTransactionError'],
      });
    }
    const snapshot = this.environment.snapshot();
    const sequence = sequenceOf(snapshot);
    const transaction = new ClientTransaction(snapshot, sequence, this.locks, this.history);
    this.transactions.add(transaction);
    void transaction.ended.then(() => this.transactions.delete(transaction));
    return transaction;
  }

  /**
   * Runs `work` in a commit and resolves with its result when that is on disk. `work` must not throw after its first
   * write. When it meets a lock, it is run again after the transaction that holds it has ended.
   */
  async write<T>(work: (target: DirectTarget) => T): Promise<T> {
    for (;;) {
      try {
        return await this.writeOnce(work);
      } catch (error) {
        if (!(error instanceof LockedError)) throw error;
        await error.owner.ended;
      }
    }
  }

  /** Like {@link write}, for work that deals with locks itself or changes the catalog only. */
  async writeOnce<T>(work: (target: DirectTarget) => T): Promise<T> {
    let seal = UNSEALED;
    let thrown = false;
    let growth: ReadonlyMap<Collection, number> = new Map();
    try {
      const result = await this.environment.write((writer) => {
        this.catalog.sync(writer);
        const target = new DirectTarget(writer, this.catalog, this.locks);
        growth = target.growth;
        try {
          return work(target);
        } catch (error) {
          thrown = true;
          throw error;
        } finally {
          if (target.touched.length > 0) seal = this.seal(writer, target.touched);
        }
      });
      this.clock.reach(seal.time);
      for (const [collection, by] of growth) {
        if (collection.count !== undefined && seal.sequence > collection.count.sequence) collection.count.value += by;
      }
      return result;
    } catch (error) {
      if (this.catalog.isAhead(this.environment)) await this.resync();
      throw thrown ? error : storageFailure(error);
    } finally {
      this.settle(seal);
    }
  }

  /** Brings the catalog back to what is on disk; if that fails too, the next commit tries again. */
  private async resync(): Promise<void> {
    await this.environment.write((writer) => this.catalog.sync(writer)).catch(() => undefined);
  }

  /** Numbers the work of one caller within a commit. */
  private seal(writer: Writer, touched: string[]): Seal {
    this.sequence += 1;
    this.history.record(this.sequence, touched);
    const seal = { sequence: this.sequence, time: this.clock.tick() };
    writer.put('meta', SEQUENCE, sealBytes(seal));
    return seal;
  }

  /** The sequence number that the running commit will have; for what becomes visible with it. */
  get nextSequence(): number {
    return this.sequence + 1;
  }

  /** Like {@link writeOnce}, at a moment when no open transaction has touched the collections. */
  async writeAlone<T>(collections: readonly Collection[], work: (target: DirectTarget) => T): Promise<T> {
    for (;;) {
      const user = this.userOf(collections);
      if (user !== undefined) {
        await user.ended;
        continue;
      }
      // A transaction may have begun while this commit waited for its turn.
      const outcome = await this.writeOnce((target) =>
        this.userOf(collections) === undefined ? { value: work(target) } : undefined,
      );
      if (outcome !== undefined) return outcome.value;
    }
  }

  /**
   * Like {@link writeOnce}, when the transactions that use the collection now have ended. Those that come to it later do
   * not hold the work up, so it is for changes that an open transaction can live with.
   */
  async writeAfterUsers<T>(collection: Collection, work: (target: DirectTarget) => T): Promise<T> {
    const users = [...this.transactions].filter((transaction) => transaction.collections.has(collection));
    await Promise.all(users.map(({ ended }) => ended));
    return this.writeOnce(work);
  }

  private userOf(collections: readonly Collection[]): ClientTransaction | undefined {
    return [...this.transactions].find((transaction) =>
      collections.some((collection) => transaction.collections.has(collection)),
    );
  }

  /** Finds or creates a collection; waits for a transaction that is about to create it. */
  async createCollection(database: string, name: string): Promise<Collection> {
    return this.write(({ writer }) => {
      const existing = this.catalog.find(database, name);
      if (existing !== undefined) return existing;
      this.locks.requireFree(creationName(database, name));
      return this.catalog.create(writer, database, name);
    });
  }

  /** A collection that exists for this transaction only, until it commits. Throws a write conflict when another one is creating it. */
  createWithin(transaction: ClientTransaction, database: string, name: string): Collection {
    this.locks.acquire(creationName(database, name), transaction);
    const collection = this.catalog.draft(database, name);
    transaction.created.set(namespaceOf(collection), collection);
    return collection;
  }

  /** Number of documents of a collection in the newest state. */
  documentCount(collection: Collection): number {
    collection.count ??= {
      value: this.environment.count('documents', wholeRange(collection.id)),
      sequence: sequenceOf(this.environment),
    };
    return collection.count.value;
  }

  private settle({ sequence }: Seal): void {
    this.committed = Math.max(this.committed, sequence);
    let oldest = this.committed;
    for (const transaction of this.transactions) oldest = Math.min(oldest, transaction.sequence);
    this.history.prune(oldest);
  }
}

/** Name of the lock on a namespace that a transaction is about to fill. */
function creationName(database: string, name: string): string {
  return `create:${database}.${name}`;
}

/** The place of one caller's work among all commits, and its cluster time. */
interface Seal {
  readonly sequence: number;
  readonly time: bigint;
}

/** Of work that wrote no document. */
const UNSEALED: Seal = { sequence: 0, time: 0n };

function sealBytes({ sequence, time }: Seal): Buffer {
  const bytes = Buffer.concat([recordBytes(sequence)], 2 * RECORD_BYTES);
  bytes.writeBigUInt64BE(time, RECORD_BYTES);
  return bytes;
}

/** The cluster time of the last write; undefined in a file of before there was one. */
function storedTime(reader: Reader): bigint | undefined {
  const stored = reader.get('meta', SEQUENCE);
  return stored === undefined || stored.length <= RECORD_BYTES ? undefined : stored.readBigUInt64BE(RECORD_BYTES);
}

/** The newest commit that a reader shows. */
function sequenceOf(reader: Reader): number {
  const stored = reader.get('meta', SEQUENCE);
  return stored === undefined ? 0 : readRecord(stored);
}

/** Turns LMDB's failures into answers that say what to do. */
export function storageFailure(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/MAP_FULL|No space left|ENOSPC|File too large|EFBIG|Disk quota/i.test(message)) {
    return new StoreError(14031, `The disk or the store's size limit is full; free space and try again (${message})`, {
      codeName: 'OutOfDiskSpace',
    });
  }
  // LMDB reports a write that was cut short, as on a disk that fills up, as an input/output error.
  if (/Input\/output error|EIO/.test(message)) {
    return new StoreError(
      1,
      `The data file could not be written: the disk is full, at a limit, or failing (${message})`,
      {
        codeName: 'InternalError',
      },
    );
  }
  return new StoreError(1, `The command failed inside the store: ${message}`, { codeName: 'InternalError' });
}
