import type { Hub } from '../src/hub.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { eventOf, type Owed } from './define-consumer.js';

const MAX_TRIES = 6;
/** Waits before another try: 5 s, doubling. Milliseconds. */
const FIRST_WAIT = 5_000;

/** A row as its consumer is given it. @throws Error for one whose every try the process did not survive. */
export function owedFor(row: OutboxRow): Owed {
  if (row.tries > MAX_TRIES) throw new Error('the process died each time it was tried');
  return { ...eventOf(row), key: row._id, tries: row.tries };
}

/** Raises `tries` before the attempt, so that what kills the process is parked too, and what only waited beside it is not. */
export const begin = (own: { _id: string; lease: string | null }): Promise<OutboxRow | null> =>
  onStore(
    OutboxRowModel.findOneAndUpdate(own, { $inc: { tries: 1 } }, { returnDocument: 'after' })
      .lean()
      .exec(),
  );

/** What failed is tried again later, or parked for a person to look at. */
export async function putBack(hub: Hub, row: OutboxRow, error: unknown): Promise<void> {
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
    : { $set: { ...next, dueAt: new Date(hub.now() + FIRST_WAIT * 2 ** (row.tries - 1)) } };
  await onStore(OutboxRowModel.updateOne({ _id: row._id, lease: row.lease ?? null }, update).exec());
}
