import type { Reader, Writer } from '../storage/environment.js';
import type { Store } from '../storage/store.js';
import { decodeDoc, Doc, encodeDoc, StoreError } from '../values/index.js';
import type { ClientTransaction } from './client-transaction.js';
import { commitOverlay } from './commit.js';

/** Time after its last use at which a session's record is removed, as MongoDB's localLogicalSessionTimeoutMinutes. */
export const SESSION_TIMEOUT_MINUTES = 30;

/** Time without use after which a session is kept on disk only. */
const IDLE_MS = 60_000;

/** A session as the store follows it: its newest transaction number and what came of it. */
export interface Session {
  readonly key: Buffer;
  /** Newest transaction number seen; -1 before the first. */
  number: bigint;
  /** The number belongs to a transaction that was committed. */
  committed: boolean;
  /** The number belongs to a transaction, open or over; retryable writes may not use it. */
  isTransaction: boolean;
  open: OpenTransaction | undefined;
  /** Results of retryable writes under this number, by statement. */
  results: Map<number, Doc>;
  lastUsed: number;
  /** Commands running or waiting for their turn. */
  pending: number;
  /** The last command of the session; the next one waits for it. */
  tail: Promise<unknown>;
}

/** A running transaction with the timer that ends it. */
export interface OpenTransaction {
  readonly transaction: ClientTransaction;
  readonly timer: NodeJS.Timeout;
  committing: boolean;
}

/** The error for a transaction that is not, or no longer, there. */
export function noSuchTransaction(number: bigint): StoreError {
  return new StoreError(251, `Given transaction number ${number} does not match any in-progress transactions.`, {
    codeName: 'NoSuchTransaction',
    labels: ['TransientTransactionError'],
  });
}

/** All sessions with a transaction number; those that are idle live on disk only. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly store: Store,
    readonly lifetimeSeconds: number,
  ) {}

  /** The session of an `lsid`. */
  of(key: Buffer): Session {
    const name = key.toString('latin1');
    let session = this.sessions.get(name);
    if (session === undefined) {
      session = loadSession(this.store.environment, key);
      this.sessions.set(name, session);
    }
    session.lastUsed = Date.now();
    return session;
  }

  /** Runs one command of a session after the one before it. */
  async inOrder<T>(session: Session, run: () => Promise<T>): Promise<T> {
    session.pending += 1;
    const result = session.tail.then(run).finally(() => {
      session.pending -= 1;
      session.lastUsed = Date.now();
    });
    session.tail = result.catch(() => undefined);
    return result;
  }

  /** Opens the transaction `number`. */
  start(session: Session, number: bigint): ClientTransaction {
    if (number === session.number) {
      throw new StoreError(
        117,
        `Cannot start a transaction with number ${number} on this session: the number has been used`,
        {
          codeName: 'ConflictingOperationInProgress',
        },
      );
    }
    this.advance(session, number);
    session.isTransaction = true;
    const transaction = this.store.begin();
    const timer = setTimeout(() => this.expire(session, transaction), this.lifetimeSeconds * 1000);
    session.open = { transaction, timer, committing: false };
    return transaction;
  }

  /** The open transaction `number`; throws 251 when there is none, 225 when a newer number has been seen. */
  current(session: Session, number: bigint): ClientTransaction {
    requireNotOlder(session, number);
    if (session.open === undefined || session.number !== number) throw noSuchTransaction(number);
    return session.open.transaction;
  }

  /** Prepares the session for a retryable write; afterwards `results` tells what was done already. */
  retryable(session: Session, number: bigint): void {
    requireNotOlder(session, number);
    if (number > session.number) this.advance(session, number);
    else if (session.isTransaction) {
      throw new StoreError(
        226,
        `Transaction number ${number} was used for a transaction and cannot be used for a retryable write`,
        {
          codeName: 'IncompleteTransactionHistory',
        },
      );
    }
  }

  /** Commits; a number that was committed before is answered the same way again. */
  async commit(session: Session, number: bigint): Promise<void> {
    requireNotOlder(session, number);
    if (session.number === number && session.committed) return;
    const transaction = this.current(session, number);
    const open = session.open as OpenTransaction;
    open.committing = true;
    try {
      if (transaction.written.size > 0) {
        await commitOverlay(this.store, transaction, (writer) => saveSession(writer, { ...session, committed: true }));
      }
      session.committed = true;
    } finally {
      this.close(session);
    }
  }

  /** Aborts; throws 251 when there is nothing to abort, 256 after a commit. */
  abort(session: Session, number: bigint): void {
    requireNotOlder(session, number);
    if (session.number === number && session.committed) {
      throw new StoreError(256, `Transaction ${number} has been committed.`, { codeName: 'TransactionCommitted' });
    }
    this.current(session, number);
    this.close(session);
  }

  /** Ends the session's open transaction, if any, without a word. */
  close(session: Session): void {
    const open = session.open;
    session.open = undefined;
    if (open === undefined) return;
    clearTimeout(open.timer);
    open.transaction.finish();
  }

  /** Ends a session and what it has open (`endSessions`, `killSessions`). */
  end(key: Buffer): void {
    const session = this.sessions.get(key.toString('latin1'));
    if (session !== undefined && session.open?.committing !== true) this.close(session);
  }

  /** Ends every open transaction. */
  closeAll(): void {
    for (const session of this.sessions.values()) if (session.open?.committing !== true) this.close(session);
  }

  /** Drops idle sessions from memory; their records stay on disk until they expire. */
  sweep(now: number): void {
    for (const [name, session] of this.sessions) {
      const idle = session.open === undefined && session.pending === 0;
      if (idle && now - session.lastUsed > IDLE_MS) this.sessions.delete(name);
    }
  }

  private advance(session: Session, number: bigint): void {
    requireNotOlder(session, number);
    this.close(session);
    session.number = number;
    session.committed = false;
    session.isTransaction = false;
    session.results = new Map();
  }

  private expire(session: Session, transaction: ClientTransaction): void {
    const open = session.open;
    if (open?.transaction === transaction && !open.committing) this.close(session);
  }
}

function requireNotOlder(session: Session, number: bigint): void {
  if (number >= session.number) return;
  throw new StoreError(
    225,
    `Cannot start transaction ${number} on this session because a newer transaction ${session.number} has already started.`,
    {
      codeName: 'TransactionTooOld',
    },
  );
}

function loadSession(reader: Reader, key: Buffer): Session {
  const session: Session = {
    key,
    number: -1n,
    committed: false,
    isTransaction: false,
    open: undefined,
    results: new Map(),
    lastUsed: Date.now(),
    pending: 0,
    tail: Promise.resolve(),
  };
  const stored = reader.get('sessions', key);
  if (stored === undefined) return session;
  const doc = decodeDoc(stored);
  session.number = doc.get('number') as bigint;
  session.committed = doc.get('committed') === true;
  session.isTransaction = session.committed;
  for (const entry of doc.get('results') as Doc[])
    session.results.set(entry.get('statement') as number, entry.get('result') as Doc);
  return session;
}

/** Stores the newest number of a session with its outcome, in the commit that the outcome belongs to. */
export function saveSession(writer: Writer, session: Pick<Session, 'key' | 'number' | 'committed' | 'results'>): void {
  const results = [...session.results].map(([statement, result]) =>
    Doc.of([
      ['statement', statement],
      ['result', result],
    ]),
  );
  const doc = Doc.of([
    ['number', session.number],
    ['committed', session.committed],
    ['results', results],
    ['at', new Date()],
  ]);
  writer.put('sessions', session.key, encodeDoc(doc));
}
