import { act, type Act } from '../src/commands/act.js';
import type { Hub } from '../src/hub.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { SYSTEM } from '../src/policies/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { LaneLostError, withLane, type Lane } from '../src/storage/lanes.js';
import type { OutboxConsumer, Owed } from './define-consumer.js';
import { begin, owedFor, putBack } from './outbox.js';

/** Milliseconds. */
const SUSPICIOUS_AFTER = 5_000;
/** Rows of one act: a fold touches a few documents for each (PROTOCOLS 1). */
const BATCH = 50;

type Fold = (act: Act, owed: readonly Owed[]) => Promise<void>;

const due = (hub: Hub, consumer: string, limit: number): Promise<OutboxRow[]> =>
  onStore(
    OutboxRowModel.find({ consumer, dueAt: { $lte: new Date(hub.now()) } })
      .sort({ dueAt: 1, _id: 1 })
      .limit(limit)
      .lean()
      .exec(),
  );

/** Does what a consumer owes, many rows in one act, as the only one of its kind in the installation (PROTOCOLS 15). */
export async function drainFold(hub: Hub, consumer: OutboxConsumer, fold: Fold): Promise<void> {
  await withLane(hub, `consumer:${consumer.name}`, {
    look: async () => ((await due(hub, consumer.name, 1)).length > 0 ? true : null),
    drain: async (lane) => {
      for (;;) {
        const rows = lane.held() ? await due(hub, consumer.name, BATCH) : [];
        if (rows.length === 0) return;
        // What failed before is tried alone, so that nothing beside it is held up for ever.
        const fresh = rows.filter((row) => row.tries === 0);
        if (fresh.length > 0 && (await together(hub, lane, fresh, fold))) continue;
        for (const row of rows) await alone(hub, lane, row, fold);
      }
    },
  });
}

async function commit(hub: Hub, lane: Lane, rows: OutboxRow[], fold: Fold): Promise<void> {
  await act(hub, SYSTEM, async (unit) => {
    await lane.fence(unit.session);
    await OutboxRowModel.deleteMany({ _id: { $in: rows.map((row) => row._id) } }, { session: unit.session });
    await fold(unit, rows.map(owedFor));
  });
}

/** @returns false when they have to be tried one by one. */
async function together(hub: Hub, lane: Lane, rows: OutboxRow[], fold: Fold): Promise<boolean> {
  // A process may have died of what is still here after this long; if this one does too, each is tried for itself.
  if (rows.some((row) => hub.now() - row.createdAt.getTime() > SUSPICIOUS_AFTER)) await countTry(rows);
  try {
    await commit(hub, lane, rows, fold);
    return true;
  } catch (error) {
    if (error instanceof LaneLostError) throw error;
    hub.logger.warn('outbox', 'rows could not be worked together; trying one by one', { rows: rows.length, error });
    return false;
  }
}

const countTry = (rows: OutboxRow[]): Promise<unknown> =>
  onStore(OutboxRowModel.updateMany({ _id: { $in: rows.map((row) => row._id) } }, { $inc: { tries: 1 } }).exec());

async function alone(hub: Hub, lane: Lane, { _id }: OutboxRow, fold: Fold): Promise<void> {
  const row = await begin({ _id, lease: null });
  if (row === null) return;
  try {
    await commit(hub, lane, [row], fold);
  } catch (error) {
    if (error instanceof LaneLostError) throw error;
    await putBack(hub, row, error);
  }
}
