import type mongoose from 'mongoose';
import { invalidTransition } from '../../errors.js';
import { inboxById } from '../../models/cached-inboxes.js';
import { AgentWorkModel, ConversationModel, type Conversation } from '../../models/index.js';
import { placeOf } from '../../shared/conversation-rights.js';
import {
  canTransition,
  countsAsLoad,
  fitsHolder,
  isActive,
  type ConversationStatus,
  type Mover,
} from '../../shared/conversation-status.js';
import type { Priority } from '../../shared/words.js';
import type { Act } from '../act.js';
import { addActivity } from '../messages/add-message.js';
import { clearTimer, setTimer } from '../timers.js';

type ObjectId = mongoose.Types.ObjectId;

/** What of a conversation's state is to become what; what is not named stays. */
export interface StateChange {
  status?: ConversationStatus;
  /** Who holds it; null: nobody. */
  assignee?: ObjectId | null;
  team?: ObjectId | null;
  priority?: Priority;
}

/** A line of the thread that tells of the move. */
export interface MoveLine {
  type: string;
  data: Record<string, unknown>;
}

/** Points that a conversation weighs whose channel is gone. */
const USUAL_WEIGHT = 2;
const DAY = 24 * 3_600_000;
/** Days after which what is resolved is closed, where its inbox names none. */
const USUAL_CLOSE_AFTER = 7;

/**
 * The one writer of a conversation's state: status, holder, team, priority, speaker and fence, and with them the holder's load, the
 * timer that closes it, and what everybody else is told (DESIGN 13). Takes the next rev.
 * @param before as it is in this act.
 * @param line what the thread says of it; null: nothing, because a message beside it says it all.
 * @returns the conversation as it is now; the same where nothing changes.
 * @throws AppError 409 INVALID_TRANSITION for a move that the table does not know, or a status that does not go with the holder.
 */
export async function move(
  act: Act,
  before: Conversation,
  to: StateChange,
  by: Mover,
  line: MoveLine | null,
): Promise<Conversation> {
  const changes = differences(before, to);
  if (Object.keys(changes).length === 0) return before;
  const after = { ...before, ...changes };
  const held = Boolean(after.assignee);
  if (!fitsHolder(after.status, held)) throw invalidTransition(before.status, after.status, HOLDER_FIRST[`${held}`]);
  if (changes.status !== undefined && !canTransition(before.status, changes.status, held, by))
    throw invalidTransition(before.status, changes.status);

  const charged = chargeOf(act, after);
  await moveLoad(act, before, charged);
  const moved = await ConversationModel.findOneAndUpdate(
    { _id: before._id },
    {
      $set: { ...changes, ...derived(act, changes), charged, lastActivityAt: act.now },
      $inc: { rev: 1, version: 1, ...(changes.assignee === undefined ? {} : { fence: 1 }) },
    },
    { session: act.session, returnDocument: 'after' },
  ).lean();
  if (moved === null) throw new Error(`conversation ${String(before._id)} has gone`);
  if (changes.status !== undefined) await timeClosing(act, before.status, moved);
  recordMove(act, before, moved);
  const elsewhere = changes.assignee !== undefined || changes.team !== undefined;
  act.show(moved, elsewhere ? { movedFrom: placeOf(before) } : {});
  return line === null ? moved : (await addActivity(act, moved, line)).conversation;
}

/** What to do about a status that says something else of the holder. */
const HOLDER_FIRST = {
  true: ' Somebody holds it: take it from them instead.',
  false: ' Nobody holds it: assign it to somebody first.',
} as const;

const same = (one: unknown, other: unknown): boolean => String(one ?? null) === String(other ?? null);

/** What of the wished-for state is not so already. */
function differences(before: Conversation, to: StateChange): StateChange {
  const wished = Object.entries(to).filter(([, value]) => value !== undefined);
  return Object.fromEntries(wished.filter(([field, value]) => !same(before[field as keyof StateChange], value)));
}

/** Fields that follow from others, so that views and fences need not look further. */
function derived(act: Act, { status, assignee }: StateChange): Record<string, unknown> {
  return {
    ...(status === undefined ? {} : { active: isActive(status) }),
    ...(status === 'closed' ? { current: false, closedAt: act.now } : {}),
    ...(assignee === undefined ? {} : { speaker: assignee === null ? null : `agent:${String(assignee)}` }),
  };
}

/** Whose load it counts as afterwards. A weight once charged stays, whatever the settings say later (PROTOCOLS 9). */
function chargeOf(act: Act, after: Conversation): { user: ObjectId; weight: number } | null {
  if (!after.assignee || !countsAsLoad(after.status)) return null;
  const weight = after.charged?.weight ?? act.hub.channels.get(after.channel)?.capabilities.weight ?? USUAL_WEIGHT;
  return { user: after.assignee, weight };
}

async function moveLoad(
  act: Act,
  { charged: before }: Conversation,
  after: ReturnType<typeof chargeOf>,
): Promise<void> {
  if (same(before?.user, after?.user)) return;
  const options = { session: act.session, upsert: true };
  if (before) await AgentWorkModel.updateOne({ _id: before.user }, { $inc: { load: -before.weight } }, options);
  if (after) await AgentWorkModel.updateOne({ _id: after.user }, { $inc: { load: after.weight } }, options);
}

/** What is resolved closes by itself after some days, unless it is taken up again before (SPEC 1). */
async function timeClosing(act: Act, from: ConversationStatus, moved: Conversation): Promise<void> {
  const id = String(moved._id);
  if (moved.status === 'resolved') {
    const inbox = await inboxById(String(moved.inbox));
    const { closeAfterDays } = (inbox?.settings ?? {}) as { closeAfterDays?: number };
    const days = closeAfterDays ?? USUAL_CLOSE_AFTER;
    await setTimer(act, 'close', id, new Date(act.now.getTime() + days * DAY));
  } else if (from === 'resolved') await clearTimer(act, 'close', id);
}

function recordMove(act: Act, before: Conversation, after: Conversation): void {
  const conversation = String(after._id);
  const { rev } = after;
  const id = (value: ObjectId | null | undefined): string | null => (value ? String(value) : null);
  if (before.status !== after.status) {
    const data = { from: before.status, to: after.status };
    act.record({ type: 'conversation.statusChanged', conversation, rev, data });
  }
  if (!same(before.assignee, after.assignee)) {
    const data = { from: id(before.assignee), to: id(after.assignee) };
    act.record({ type: 'conversation.assigned', conversation, rev, data });
  }
  if (!same(before.team, after.team)) {
    const data = { from: id(before.team), to: id(after.team) };
    act.record({ type: 'conversation.transferred', conversation, rev, data });
  }
  if (before.priority !== after.priority) {
    const data = { from: before.priority, to: after.priority };
    act.record({ type: 'conversation.priorityChanged', conversation, rev, data });
  }
}
