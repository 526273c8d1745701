import { act } from '../src/commands/act.js';
import type { Hub } from '../src/hub.js';
import { TimerModel, type TimerRow } from '../src/models/index.js';
import { SYSTEM } from '../src/policies/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import type { TimerDefinition } from './define-timer.js';

const MAX_TRIES = 6;
/** Waits before another try: 5 s, doubling. Milliseconds. */
const FIRST_WAIT = 5_000;

/** Somebody moved or removed the timer in the meantime. */
class TimerMovedError extends Error {
  override readonly name = 'TimerMovedError';
}

/** Does what a timer was set for, if it is due as it stands now (PROTOCOLS 13). */
export async function runTimer(hub: Hub, timers: readonly TimerDefinition[], id: string): Promise<void> {
  const due = { _id: id, dueAt: { $lte: new Date(hub.now()) } };
  const row = await onStore(
    TimerModel.findOneAndUpdate(due, { $inc: { tries: 1 } }, { returnDocument: 'after' })
      .lean()
      .exec(),
  );
  if (row === null) return;
  try {
    const definition = timers.find(({ kind }) => kind === row.kind);
    if (definition === undefined) throw new Error(`nothing is known of timers called "${row.kind}"`);
    if (row.tries > MAX_TRIES) throw new Error('the process died each time it was tried');
    await act(hub, SYSTEM, async (unit) => {
      const own = { _id: id, dueAt: row.dueAt ?? null };
      const removed = await TimerModel.deleteOne(own, { session: unit.session });
      if (removed.deletedCount !== 1) throw new TimerMovedError(id);
      await definition.perform(unit, row.subject);
    });
  } catch (error) {
    if (!(error instanceof TimerMovedError)) await putBack(hub, row, error);
  }
}

async function putBack(hub: Hub, row: TimerRow, error: unknown): Promise<void> {
  const parked = row.tries >= MAX_TRIES;
  hub.logger[parked ? 'error' : 'warn']('timers', parked ? 'a timer is parked' : 'a timer failed and is tried again', {
    timer: row._id,
    tries: row.tries,
    error,
  });
  const set = { error: error instanceof Error ? error.message : String(error) };
  const update = parked
    ? { $set: set, $unset: { dueAt: 1 } }
    : { $set: { ...set, dueAt: new Date(hub.now() + FIRST_WAIT * 2 ** (row.tries - 1)) } };
  await onStore(TimerModel.updateOne({ _id: row._id, dueAt: row.dueAt ?? null }, update).exec());
}
