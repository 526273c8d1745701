import { act } from '../src/commands/act.js';
import type { Hub } from '../src/hub.js';
import { consumerLane } from '../src/events/write-events.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { SYSTEM } from '../src/policies/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { LaneLostError, withLane, type Lane } from '../src/storage/lanes.js';
import type { ConsumerCommit, OutboxConsumer, Owed } from './define-consumer.js';
import { begin, owedFor, putBack } from './outbox.js';

type Perform = (hub: Hub, owed: Owed) => Promise<ConsumerCommit | null>;

/** The first row of a lane that is not parked: it holds up all behind it (PROTOCOLS 2). */
const headOf = (lane: string): Promise<OutboxRow | null> =>
  onStore(
    OutboxRowModel.findOne({ lane, dueAt: { $exists: true } })
      .sort({ rev: 1, _id: 1 })
      .lean()
      .exec(),
  );

const isDue = (hub: Hub, row: OutboxRow | null): row is OutboxRow =>
  row !== null && (row.dueAt?.getTime() ?? 0) <= hub.now();

/** Does what a consumer owes in one conversation, in the order in which it happened, as the only owner of that lane. */
export async function drainOrdered(
  hub: Hub,
  consumer: OutboxConsumer,
  conversation: string,
  perform: Perform,
): Promise<void> {
  const lane = consumerLane(consumer.name, conversation);
  await withLane(hub, lane, {
    look: async () => {
      const head = await headOf(lane);
      return isDue(hub, head) ? head : null;
    },
    drain: async (held) => {
      while (held.held()) {
        const head = await headOf(lane);
        if (!isDue(hub, head)) return;
        await consume(hub, held, head, perform);
      }
    },
  });
}

async function consume(hub: Hub, lane: Lane, head: OutboxRow, perform: Perform): Promise<void> {
  const row = await begin({ _id: head._id, lease: null });
  if (row === null) return;
  try {
    const commit = await perform(hub, owedFor(row));
    await act(hub, SYSTEM, async (unit) => {
      await lane.fence(unit.session);
      await OutboxRowModel.deleteOne({ _id: row._id }, { session: unit.session });
      await commit?.(unit);
    });
  } catch (error) {
    if (error instanceof LaneLostError) throw error;
    await putBack(hub, row, error);
  }
}
