import { randomUUID } from 'node:crypto';
import { act } from '../src/commands/act.js';
import type { Hub } from '../src/commands/hub.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { SYSTEM } from '../src/policies/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { crashPoint } from '../src/utils/crash-points.js';
import type { ConsumerCommit, OutboxConsumer, Owed } from './define-consumer.js';
import { begin, owedFor, putBack } from './outbox.js';

const CLAIM = 100;
const LEASE = 30_000;
/** How often a claim is renewed while its rows are worked on: one of them may take longer than the lease. Milliseconds. */
const RENEW_EVERY = 10_000;

/** The row was claimed by somebody else in the meantime; what was done under the old claim is not committed. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

type Perform = (hub: Hub, owed: Owed) => Promise<ConsumerCommit | null>;

/** Does everything owed by a consumer that works its rows side by side (PROTOCOLS 2). */
export async function drainConsumer(hub: Hub, consumer: OutboxConsumer, perform: Perform): Promise<void> {
  for (;;) {
    const lease = randomUUID();
    const queue = await claim(hub, consumer.name, lease);
    if (queue.length === 0) return;
    crashPoint('outboxClaimed');
    const work = async (): Promise<void> => {
      for (let row = queue.shift(); row !== undefined; row = queue.shift()) await consume(hub, perform, row);
    };
    const renewal = setInterval(() => void renew(hub, lease), RENEW_EVERY);
    try {
      await Promise.all(Array.from({ length: consumer.concurrency }, work));
    } finally {
      clearInterval(renewal);
    }
  }
}

/** Takes rows that are due for one lease. */
async function claim(hub: Hub, consumer: string, lease: string): Promise<OutboxRow[]> {
  const now = hub.now();
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
    const dueAt = new Date(hub.now() + LEASE);
    await onStore(OutboxRowModel.updateMany({ lease }, { $set: { dueAt } }).exec());
  } catch (error) {
    hub.logger.debug('outbox', 'a claim could not be renewed', { error });
  }
}

async function consume(hub: Hub, perform: Perform, claimed: OutboxRow): Promise<void> {
  const row = await begin({ _id: claimed._id, lease: claimed.lease ?? null });
  if (row === null) return;
  try {
    const commit = await perform(hub, owedFor(row));
    await act(hub, SYSTEM, async (unit) => {
      const own = { _id: row._id, lease: row.lease ?? null };
      const removed = await OutboxRowModel.deleteOne(own, { session: unit.session });
      if (removed.deletedCount !== 1) throw new ClaimLostError(`row ${row._id} has another owner`);
      await commit?.(unit);
    });
    crashPoint('consumerDone');
  } catch (error) {
    if (!(error instanceof ClaimLostError)) await putBack(hub, row, error);
  }
}
