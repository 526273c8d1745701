import { randomUUID } from 'node:crypto';
import type { Hub } from '../src/commands/hub.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { inTransaction, onStore } from '../src/storage/in-transaction.js';
import { crashPoint } from '../src/utils/crash-points.js';
import type { OutboxConsumer } from './consumer.js';

const CLAIM = 100;
const LEASE = 30_000;
/** How often a claim is renewed while its rows are worked on: one of them may take longer than the lease. Milliseconds. */
const RENEW_EVERY = 10_000;
const MAX_TRIES = 6;
const AT_ONCE = 4;
/** Waits before another try: 5 s, doubling. Milliseconds. */
const FIRST_WAIT = 5_000;

/** The row was claimed by somebody else in the meantime; what was done under the old claim is not committed. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

/** Does everything a consumer owes (PROTOCOLS 2). */
export async function drainConsumer(hub: Hub, consumer: OutboxConsumer): Promise<void> {
  for (;;) {
    const lease = randomUUID();
    const queue = await claim(consumer.name, lease);
    if (queue.length === 0) return;
    crashPoint('outboxClaimed');
    const work = async (): Promise<void> => {
      for (let row = queue.shift(); row !== undefined; row = queue.shift()) await consume(hub, consumer, row);
    };
    const renewal = setInterval(() => void renew(hub, lease), RENEW_EVERY);
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      clearInterval(renewal);
    }
  }
}

/** Takes rows that are due for one lease. */
async function claim(consumer: string, lease: string): Promise<OutboxRow[]> {
  const now = Date.now();
  const due = { consumer, dueAt: { $lte: new Date(now) } };
  const ids = await onStore(OutboxRowModel.find(due, '_id').sort({ dueAt: 1 }).limit(CLAIM).lean().exec());
  if (ids.length === 0) return [];
  await onStore(
    OutboxRowModel.updateMany(
      { ...due, _id: { $in: ids.map((row) => row._id) } },
      { $set: { lease, dueAt: new Date(now + LEASE) } },
    ).exec(),
  );
  return onStore(OutboxRowModel.find({ lease }).lean().exec());
}

/** Keeps the rows that are not done yet. Best effort: what is claimed by another is done twice and committed once. */
async function renew(hub: Hub, lease: string): Promise<void> {
  try {
    const dueAt = new Date(Date.now() + LEASE);
    await onStore(OutboxRowModel.updateMany({ lease }, { $set: { dueAt } }).exec());
  } catch (error) {
    hub.logger.debug('outbox', 'a claim could not be renewed', { error });
  }
}

/** Raises `tries` before the attempt, so that what kills the process is parked too, and what only waited beside it is not. */
const begin = (row: OutboxRow): Promise<OutboxRow | null> =>
  onStore(
    OutboxRowModel.findOneAndUpdate(
      { _id: row._id, lease: row.lease ?? null },
      { $inc: { tries: 1 } },
      { returnDocument: 'after' },
    )
      .lean()
      .exec(),
  );

async function consume(hub: Hub, consumer: OutboxConsumer, claimed: OutboxRow): Promise<void> {
  const row = await begin(claimed);
  if (row === null) return;
  try {
    if (row.tries > MAX_TRIES) throw new Error('the process died each time it was tried');
    const commit = await consumer.perform(hub, row);
    const changes = await inTransaction(async (session) => {
      const removed = await OutboxRowModel.deleteOne({ _id: row._id, lease: row.lease ?? null }, { session });
      if (removed.deletedCount !== 1) throw new ClaimLostError(`row ${row._id} has another owner`);
      return commit === null ? [] : commit(session);
    });
    crashPoint('consumerDone');
    for (const change of changes) hub.emitAfterCommit(change);
  } catch (error) {
    if (error instanceof ClaimLostError) return;
    await putBack(hub, row, error);
  }
}

async function putBack(hub: Hub, row: OutboxRow, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const parked = row.tries >= MAX_TRIES;
  hub.logger[parked ? 'error' : 'warn']('outbox', parked ? 'a row is parked' : 'a row failed and is tried again', {
    row: row._id,
    tries: row.tries,
    error,
  });
  const next = { lease: null, error: message };
  const update = parked
    ? { $set: next, $unset: { dueAt: 1 } }
    : { $set: { ...next, dueAt: new Date(Date.now() + FIRST_WAIT * 2 ** (row.tries - 1)) } };
  await onStore(OutboxRowModel.updateOne({ _id: row._id, lease: row.lease ?? null }, update).exec());
}
