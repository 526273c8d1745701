import { randomInt } from 'node:crypto';
import { SESSION_TIMEOUT_MINUTES } from '../transaction/sessions.js';
import { StoreError } from '../values/index.js';
import { cursorReply } from '../wire/raw-bson.js';
import type { Pace } from './pace.js';

/** A result being handed out in batches: raw documents, with undefined as a tick for pacing. */
export interface CursorSource {
  /** The next document; undefined for a tick, null at the end. May take its time. */
  next(pace: Pace): Promise<Uint8Array | undefined | null> | Uint8Array | undefined | null;
  /** Told whenever other work ran in between. */
  interrupted(): void;
  close(): void;
}

interface OpenCursor {
  readonly namespace: string;
  readonly source: CursorSource;
  /** The session it belongs to; another session may not read on. */
  readonly session: string | undefined;
  /** Set when it reads inside a transaction, and ends with it. */
  readonly transaction: object | undefined;
  /** The connection that read last. */
  connection: object;
  /** Idle milliseconds after which it is closed. */
  readonly patience: number;
  /** Documents that may still be handed out. */
  remaining: number;
  /** A document that was found but did not fit into the last batch. */
  pending: Uint8Array | undefined;
  lastUsed: number;
  busy: boolean;
  /** Closed by somebody else while it was busy. */
  killed: boolean;
}

/** Most bytes of documents in one batch; the answer must stay below 16 MB + 16 kB. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
/** Documents in a first batch when the client does not say (MongoDB's default). */
export const FIRST_BATCH = 101;
/** Idle time after which a cursor outside sessions is closed (MongoDB's cursorTimeoutMillis). */
const CURSOR_TIMEOUT_MS = 600_000;
/** Idle time after which a session ends with its cursors; no time limit of theirs outlasts it. */
const SESSION_TIMEOUT_MS = SESSION_TIMEOUT_MINUTES * 60_000;

/**
 * Time that a cursor is kept when the connection that read last has closed: a client with several connections may read
 * on through another one, and a client that has gone never comes back.
 */
const ORPHAN_GRACE_MS = 10_000;

/** Who opens a cursor, or reads on. */
export interface CursorOwner {
  readonly session: string | undefined;
  readonly transaction: object | undefined;
  readonly connection: object;
}

/** What opens a cursor. */
export interface CursorRequest extends CursorOwner {
  namespace: string;
  source: CursorSource;
  batchSize: number | undefined;
  /** Most documents in all; 0 or absent for no limit. */
  limit?: number;
  /** Answer one batch and keep nothing open. */
  single: boolean;
  /** Never closed for being idle, unless its session ends. */
  noTimeout?: boolean;
}

function patienceOf({ session, noTimeout }: CursorRequest): number {
  if (session !== undefined) return SESSION_TIMEOUT_MS;
  return noTimeout === true ? Infinity : CURSOR_TIMEOUT_MS;
}

/** The cursors that clients have open. */
export class CursorTable {
  private readonly cursors = new Map<bigint, OpenCursor>();

  /** @param orphanGraceMs time that a cursor outlives the connection that read last */
  constructor(private readonly orphanGraceMs = ORPHAN_GRACE_MS) {}

  get size(): number {
    return this.cursors.size;
  }

  /** Answers the first batch, and keeps the rest under a new cursor id. */
  async open(request: CursorRequest, pace: Pace): Promise<Buffer> {
    const { namespace, source, session, transaction, connection } = request;
    const cursor: OpenCursor = {
      namespace,
      source,
      session,
      transaction,
      connection,
      patience: patienceOf(request),
      remaining: request.limit === undefined || request.limit === 0 ? Infinity : request.limit,
      pending: undefined,
      lastUsed: Date.now(),
      busy: false,
      killed: false,
    };
    let kept = false;
    try {
      const { documents, done } = await this.batch(cursor, request.batchSize ?? FIRST_BATCH, pace);
      if (done || request.single) return cursorReply(namespace, 0n, 'firstBatch', documents);
      pace.check();
      const id = this.freshId();
      const reply = cursorReply(namespace, id, 'firstBatch', documents);
      this.cursors.set(id, cursor);
      kept = true;
      return reply;
    } finally {
      if (!kept) source.close();
    }
  }

  /** Answers the next batch. Throws 43 for an unknown cursor. */
  async more(
    id: bigint,
    namespace: string,
    batchSize: number | undefined,
    owner: CursorOwner,
    pace: Pace,
  ): Promise<Buffer> {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new StoreError(43, `cursor id ${id} not found`, { codeName: 'CursorNotFound' });
    if (cursor.namespace !== namespace) {
      throw new StoreError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
        {
          codeName: 'Unauthorized',
        },
      );
    }
    requireOwner(id, cursor, owner);
    if (cursor.busy) throw new StoreError(12051, `cursor id ${id} is already in use`, { codeName: 'CursorInUse' });
    cursor.connection = owner.connection;
    return this.advance(id, cursor, batchSize, pace);
  }

  /** Closes a cursor; false when there was none. */
  kill(id: bigint): boolean {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) return false;
    this.cursors.delete(id);
    // One that is busy ends with an error first; closed now, it would seem to have come to its end.
    if (cursor.busy) cursor.killed = true;
    else cursor.source.close();
    return true;
  }

  /** Closes the cursors of a transaction or a session that ended. */
  killOwned(owner: { session?: string; transaction?: object }): void {
    for (const [id, cursor] of this.cursors) {
      const ofSession = owner.session !== undefined && cursor.session === owner.session;
      const ofTransaction = owner.transaction !== undefined && cursor.transaction === owner.transaction;
      if (ofSession || ofTransaction) this.kill(id);
    }
  }

  /** Closes the cursors of every session. */
  killOfSessions(): void {
    for (const [id, cursor] of this.cursors) if (cursor.session !== undefined) this.kill(id);
  }

  /** Closes cursors idle for too long. */
  sweep(now: number): void {
    for (const [id, cursor] of this.cursors) {
      if (!cursor.busy && now - cursor.lastUsed > cursor.patience) this.kill(id);
    }
  }

  /** Closes the cursors that a closed connection read last, unless another one soon reads on. */
  clientGone(connection: object): void {
    if (![...this.cursors.values()].some((cursor) => cursor.connection === connection)) return;
    const close = (): void => {
      for (const [id, cursor] of this.cursors) if (cursor.connection === connection) this.kill(id);
    };
    setTimeout(close, this.orphanGraceMs).unref();
  }

  /** Notes that a session is still wanted. */
  refresh(session: string): void {
    for (const cursor of this.cursors.values()) if (cursor.session === session) cursor.lastUsed = Date.now();
  }

  private async advance(id: bigint, cursor: OpenCursor, batchSize: number | undefined, pace: Pace): Promise<Buffer> {
    cursor.busy = true;
    try {
      cursor.source.interrupted();
      const { documents, done } = await this.batch(cursor, batchSize ?? Infinity, pace);
      if (done) this.cursors.delete(id);
      else pace.check();
      return cursorReply(cursor.namespace, done ? 0n : id, 'nextBatch', documents);
    } catch (error) {
      this.cursors.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.lastUsed = Date.now();
      if (!this.cursors.has(id)) cursor.source.close();
    }
  }

  private async batch(
    cursor: OpenCursor,
    size: number,
    pace: Pace,
  ): Promise<{ documents: Uint8Array[]; done: boolean }> {
    const documents: Uint8Array[] = [];
    let bytes = 0;
    while (documents.length < size) {
      if (cursor.killed)
        throw new StoreError(237, 'the cursor was killed while it was read', { codeName: 'CursorKilled' });
      const step = cursor.pending ?? cursor.source.next(pace);
      cursor.pending = undefined;
      const document = step instanceof Promise ? await step : step;
      if (document === null) return { documents, done: true };
      if (document === undefined) {
        if (!pace.due()) continue;
        await pace.pause();
        cursor.source.interrupted();
        continue;
      }
      bytes += document.length + 16;
      if (bytes > MAX_BATCH_BYTES && documents.length > 0) {
        cursor.pending = document;
        break;
      }
      documents.push(document);
    }
    cursor.remaining -= documents.length;
    return { documents, done: cursor.remaining <= 0 };
  }

  private freshId(): bigint {
    for (;;) {
      const id = (BigInt(randomInt(2 ** 30)) << 31n) | BigInt(randomInt(1, 2 ** 31));
      if (!this.cursors.has(id)) return id;
    }
  }
}

/** Throws MongoDB's errors for a `getMore` from another session, or from outside or inside a transaction. */
function requireOwner(id: bigint, cursor: OpenCursor, owner: CursorOwner): void {
  const refuse = (code: number, reason: string): never => {
    throw new StoreError(code, `Cannot run getMore on cursor ${id}, ${reason}`);
  };
  if (cursor.session !== owner.session) {
    if (cursor.session === undefined) refuse(50736, 'which was not created in a session, in a session');
    if (owner.session === undefined) refuse(50737, 'which was created in a session, without an lsid');
    refuse(50738, 'which was created in another session');
  }
  if (cursor.transaction === owner.transaction) return;
  if (cursor.transaction === undefined) refuse(50739, 'which was not created in a transaction, in a transaction');
  if (owner.transaction === undefined) refuse(50740, 'which was created in a transaction, without a txnNumber');
  refuse(50741, 'which was created in another transaction');
}
