import { setTimeout } from 'node:timers/promises';
import mongoose from 'mongoose';
import { AgentWorkModel, ConversationModel, type Conversation } from '../../models/index.js';
import { SYSTEM } from '../../policies/index.js';
import { countsAsLoad } from '../../shared/conversation-status.js';
import { onStore } from '../../storage/in-transaction.js';
import { withLane, type Lane, type LaneWork } from '../../storage/lanes.js';
import { act } from '../act.js';
import { tally } from '../conversations/tally.js';
import type { Hub } from '../../hub.js';

/** Conversations of one act. */
const BATCH = 50;
/** How soon the drainer is asked again for its lane. Milliseconds. */
const AGAIN = 100;

/** The lane in which tallies are folded. */
const TALLIES_LANE = 'consumer:tallies';

const NOBODY = new mongoose.Types.ObjectId('000000000000000000000000');

/**
 * Counts every conversation where it stands, as a nudge for each of them would: what is right stays as it is (PROTOCOLS 15). Needed
 * after an upgrade, a restore, or a difference that `verify` has found.
 */
export async function reconcileTallies(hub: Hub, stopping: AbortSignal): Promise<void> {
  let done = false;
  const walk: LaneWork<true> = {
    look: () => Promise.resolve(done ? null : true),
    drain: async (lane) => {
      await countAll(hub, lane, stopping);
      done = true;
    },
  };
  while (!done && !stopping.aborted) {
    const outcome = await withLane(hub, TALLIES_LANE, walk);
    if (outcome === 'left') await setTimeout(AGAIN);
  }
}

async function countAll(hub: Hub, lane: Lane, stopping: AbortSignal): Promise<void> {
  let after = NOBODY;
  while (!stopping.aborted) {
    const next = ConversationModel.find({ _id: { $gt: after } }, '_id')
      .sort({ _id: 1 })
      .limit(BATCH);
    const ids = (await onStore(next.lean().exec())).map((row) => row._id);
    const last = ids.at(-1);
    if (last === undefined) return;
    await act(hub, SYSTEM, async (unit) => {
      await lane.fence(unit.session);
      await tally(unit, ids.map(String));
    });
    after = last;
  }
}

/** Charges what people hold anew where it is not, and sets their load to the sum of it. */
export async function reconcileLoad(hub: Hub, stopping: AbortSignal): Promise<void> {
  const holders = await onStore(
    ConversationModel.distinct('assignee', { active: true, assignee: { $gt: NOBODY } }).exec(),
  );
  const charged = await onStore(AgentWorkModel.find({}, '_id').lean().exec());
  const users = new Set([...holders.map(String), ...charged.map(({ _id }) => String(_id))]);
  for (const user of users) {
    if (stopping.aborted) return;
    await act(hub, SYSTEM, async ({ session }) => {
      const _id = new mongoose.Types.ObjectId(user);
      // Written first, so that a claim at the same moment makes one of the two run again.
      await AgentWorkModel.updateOne({ _id }, { $set: { load: 0 } }, { session, upsert: true });
      const held = await ConversationModel.find({ assignee: _id, active: true }, 'channel status charged', { session })
        .limit(MOST_HELD)
        .lean<Pick<Conversation, '_id' | 'channel' | 'status' | 'charged'>[]>();
      let load = 0;
      for (const conversation of held.filter(({ status }) => countsAsLoad(status))) {
        const weight = conversation.charged?.weight ?? hub.channels.get(conversation.channel)?.capabilities.weight ?? 2;
        load += weight;
        if (String(conversation.charged?.user) === user) continue;
        const charge = { $set: { charged: { user: _id, weight } } };
        await ConversationModel.updateOne({ _id: conversation._id }, charge, { session });
      }
      await AgentWorkModel.updateOne({ _id }, { $set: { load } }, { session });
    });
  }
}

/** More than anybody holds at once. */
const MOST_HELD = 150;
