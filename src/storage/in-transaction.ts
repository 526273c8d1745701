import mongoose, { type ClientSession } from 'mongoose';
import { AppError, conflict, unavailable } from '../errors.js';
import { crashPoint } from '../utils/crash-points.js';
import { DeadlineError, withDeadline } from '../utils/deadline.js';

/** Past this the outcome is unknown: 503, and the retry is idempotent (PROTOCOLS 1). Milliseconds. */
export const COMMAND_DEADLINE = 4_000;
const DUPLICATE_KEY_RUNS = 3;
const DUPLICATE_KEY = 11_000;

/** Whether the store refused a second document under a unique key. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === DUPLICATE_KEY;

/**
 * Runs `fn` as one transaction: everything it writes is there afterwards, or nothing. `fn` may run several times, so its results
 * are born inside it, it runs one statement at a time, passes `session` to each, and begins with its look-ups: a unique key that
 * another transaction took counts as a conflict and runs `fn` again, which then finds what is there (PROTOCOLS 1).
 * @param fn gets the number of its run, which rises after such a conflict: a look-up that only serves repeats may wait for run 2.
 * @throws AppError 409 when a unique key stays taken, 503 when the store does not answer in time; errors of `fn` as they are.
 */
export async function inTransaction<T>(fn: (session: ClientSession, run: number) => Promise<T>): Promise<T> {
  const deadline = performance.now() + COMMAND_DEADLINE;
  for (let run = 1; ; run += 1) {
    try {
      return await withDeadline(
        runOnce((session) => fn(session, run), deadline),
        Math.max(deadline - performance.now(), 1),
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw asStoreFault(error);
      if (run === DUPLICATE_KEY_RUNS) throw conflict();
    }
  }
}

async function runOnce<T>(fn: (session: ClientSession) => Promise<T>, deadline: number): Promise<T> {
  const results: T[] = [];
  await mongoose.connection.transaction(async (session) => {
    if (performance.now() > deadline) throw new DeadlineError('the transaction was retried beyond its deadline');
    results[0] = await fn(session);
    crashPoint('beforeCommit');
  });
  crashPoint('afterCommit');
  return results[0] as T;
}

/** Turns "the store does not answer" into 503 and leaves every other error alone. */
export function asStoreFault(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return isStoreOutage(error) ? unavailable(error) : error;
}

/** Whether an error says that the store is gone, slow or losing elections, and not that a statement was wrong. */
export function isStoreOutage(error: unknown): boolean {
  if (error instanceof DeadlineError) return true;
  if (!(error instanceof mongoose.mongo.MongoError) && !(error instanceof mongoose.Error)) return false;
  return (
    error instanceof mongoose.mongo.MongoNetworkError ||
    error instanceof mongoose.mongo.MongoServerSelectionError ||
    error instanceof mongoose.mongo.MongoNotConnectedError ||
    error instanceof mongoose.mongo.MongoTopologyClosedError ||
    error instanceof mongoose.mongo.MongoClientClosedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    error.name === 'MongoWaitQueueTimeoutError' ||
    error.name === 'MongoPoolClearedError' ||
    error.name === 'MongoPoolClosedError' ||
    (error instanceof mongoose.mongo.MongoError &&
      (error.hasErrorLabel('TransientTransactionError') ||
        error.hasErrorLabel('UnknownTransactionCommitResult') ||
        error.hasErrorLabel('RetryableWriteError')))
  );
}

/** Runs one statement outside a transaction under the same deadline and with the same translation of faults. */
export async function onStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await withDeadline(work, COMMAND_DEADLINE);
  } catch (error) {
    throw asStoreFault(error);
  }
}
