import { WebhookEventModel, type Inbox, type WebhookEvent } from '../../models/index.js';
import { isStoreOutage, onStore } from '../../storage/in-transaction.js';
import { LaneLostError, withLane, type Fence, type Lane } from '../../storage/lanes.js';
import { AppError } from '../../errors.js';
import { SharedLock } from '../../utils/shared-lock.js';
import type { Hub } from '../../hub.js';
import { inboxByAccount } from '../../models/cached-inboxes.js';
import { applyEvents, EventsMovedError, isOnlyReceipts, parseStored, type ParsedEvent } from './apply-events.js';
import { applyReceipts, foldReceipts } from './receipts.js';
import { markUnroutable } from './unroutable.js';

/** Events applied in one transaction (PROTOCOLS 6). */
const BATCH = 20;
/** Rows of a lane read at once: the batch, and what waits beside it. */
const READ = 60;
/** Failures of one event for itself before it is parked. */
const MAX_FAILURES = 3;
/** Tries that the process did not survive before it is parked: more, because a process dies of other things too while it tries. */
const MAX_DEATHS = 6;
/** An event that is still here after this long may have been tried before, by a process that died of it. Milliseconds. */
const SUSPICIOUS_AFTER = 5_000;

/** When a receipt that came before its thread is looked at again, and how long it waits. Milliseconds. */
const EARLY_AGAIN = 60_000;
const EARLY_FOR = 7 * 24 * 3_600_000;

/** What a lane owes. */
interface Owed {
  /** Due now, oldest first, at most a batch. */
  due: WebhookEvent[];
  /** What waits for a message that is not known yet; null: there may be more than was read. */
  waiting: WebhookEvent[] | null;
}

/** Applies everything a lane of stored webhook events owes, in order, as the lane's only owner. */
export const drainInboundLane = async (hub: Hub, laneId: string): Promise<void> =>
  void (await withLane(hub, laneId, {
    look: () => look(hub, laneId),
    pass: (fence, found) => pass(hub, fence, found),
    drain: (lane, found) => drain(hub, lane, found),
  }));

async function look(hub: Hub, lane: string): Promise<Owed | null> {
  const rows = await onStore(
    WebhookEventModel.find({ lane, dueAt: { $gt: new Date(0) } })
      .sort({ dueAt: 1, _id: 1 })
      .limit(READ)
      .lean()
      .exec(),
  );
  const now = hub.now();
  const due = rows.filter(({ dueAt }) => (dueAt?.getTime() ?? 0) <= now).slice(0, BATCH);
  if (due.length === 0) return null;
  const waiting = rows.filter(({ dueAt }) => (dueAt?.getTime() ?? 0) > now);
  return { due, waiting: rows.length < READ ? waiting : null };
}

/** Fresh events that one transaction deals with need no lane beyond it; whatever else there is to do takes the lane. */
async function pass(hub: Hub, fence: Fence, { due, waiting }: Owed): Promise<boolean> {
  const [first] = due;
  const inbox = first === undefined ? null : await inboxByAccount(first.channel, first.accountId);
  const isFresh = due.length < BATCH && due.every((event) => event.tries === 0 && !isOld(hub, event));
  if (first === undefined || inbox === null || !isFresh) return false;
  try {
    const parsed = due.map((stored) => parseStored(hub, stored));
    if (parsed.some(({ events }) => foldReceipts(events) !== null)) return false;
    const contactId = first.contactId ?? null;
    await attempts.shared(() => applyEvents(hub, fence, inbox, contactId, parsed, waiting));
    return true;
  } catch (error) {
    if (error instanceof EventsMovedError) return true;
    if (isTransientFault(error)) throw error;
    hub.logger.warn('inbound', 'events could not be applied at once; taking their lane', { lane: fence.id, error });
    return false;
  }
}

async function drain(hub: Hub, lane: Lane, found: Owed): Promise<void> {
  for (let owed: Owed | null = found; owed !== null && lane.held(); owed = await look(hub, lane.id)) {
    try {
      await apply(hub, lane, owed);
      // Whoever gives the lane back looks once more: for what came meanwhile that is soon enough.
      if (owed.due.length < BATCH) return;
    } catch (error) {
      if (!(error instanceof EventsMovedError)) throw error;
    }
  }
}

async function apply(hub: Hub, lane: Lane, { due, waiting }: Owed): Promise<void> {
  const [first] = due;
  if (first === undefined) return;
  const inbox = await inboxByAccount(first.channel, first.accountId);
  const applyThese: Apply = async (batch) => {
    const parsed = batch.map((stored) => parseStored(hub, stored));
    await (inbox === null ? markUnroutable(hub, parsed) : applyAll(hub, lane, inbox, parsed, waiting));
  };
  if (due.every(({ tries }) => tries === 0) && (await tryTogether(hub, lane, due, applyThese))) return;
  for (const event of due) {
    if (!lane.held()) return;
    await tryAlone(hub, event, applyThese);
  }
}

type Apply = (events: WebhookEvent[]) => Promise<void>;

/** What a process may have died of, or what failed, is tried with nothing beside it, so that no other event is blamed for a death. */
const attempts = new SharedLock();

const isOld = (hub: Hub, { receivedAt }: WebhookEvent): boolean => hub.now() - receivedAt.getTime() > SUSPICIOUS_AFTER;

/** @returns false when the events cannot be applied together, so that each is tried for itself. */
async function tryTogether(hub: Hub, lane: Lane, events: WebhookEvent[], apply: Apply): Promise<boolean> {
  const suspicious = events.some((event) => isOld(hub, event));
  if (suspicious) await countTry(events, 1);
  try {
    await attempts.shared(() => apply(events));
    return true;
  } catch (error) {
    if (suspicious) await takeTryBack(hub, events);
    if (isTransientFault(error)) throw error;
    hub.logger.warn('inbound', 'events could not be applied together; trying one by one', { lane: lane.id, error });
    return false;
  }
}

/** Tries an event until it is applied or parked. */
async function tryAlone(hub: Hub, event: WebhookEvent, apply: Apply): Promise<void> {
  let fault = event.error ?? 'the process died each time it was tried';
  const failures = event.tries < MAX_DEATHS ? MAX_FAILURES : 0;
  for (let failed = 1; failed <= failures; failed += 1) {
    try {
      return await attempts.alone(async () => {
        // Before the attempt, so that what kills the process is parked too (PROTOCOLS 2).
        await countTry([event], 1);
        await apply([event]);
      });
    } catch (error) {
      if (isTransientFault(error)) {
        await takeTryBack(hub, [event]);
        throw error;
      }
      fault = error instanceof Error ? error.message : String(error);
      hub.logger.error('inbound', 'an event could not be applied', { event: String(event._id), failed, error });
    }
  }
  await park(hub, event, fault);
}

async function countTry(events: WebhookEvent[], by: 1 | -1): Promise<void> {
  const _id = { $in: events.map((event) => event._id) };
  await onStore(WebhookEventModel.updateMany({ _id }, { $inc: { tries: by } }).exec());
}

/** Nobody died of it, so it was no try. Best effort: the store that failed us may still be away. */
async function takeTryBack(hub: Hub, events: WebhookEvent[]): Promise<void> {
  try {
    await countTry(events, -1);
  } catch (error) {
    hub.logger.debug('inbound', 'a try could not be taken back', { event: String(events[0]?._id), error });
  }
}

async function park(hub: Hub, { _id }: WebhookEvent, error: string): Promise<void> {
  await onStore(
    WebhookEventModel.updateOne({ _id }, { $set: { state: 'parked', error }, $unset: { dueAt: 1 } }).exec(),
  );
  hub.logger.error('inbound', 'an event is parked; replay it once the cause is mended', { event: String(_id), error });
}

/** Messages first, in one transaction; then the receipts, folded; then the marks of what was only a receipt. */
async function applyAll(
  hub: Hub,
  lane: Lane,
  inbox: Inbox,
  batch: ParsedEvent[],
  waiting: WebhookEvent[] | null,
): Promise<void> {
  const contactId = batch[0]?.stored.contactId ?? null;
  const changing = batch.filter((parsed) => !isOnlyReceipts(parsed));
  const receipts = batch.filter(isOnlyReceipts);
  if (changing.length > 0) await applyEvents(hub, lane, inbox, contactId, changing, waiting);
  const folded = foldReceipts(batch.flatMap((parsed) => parsed.events));
  const hasThread = folded === null || contactId === null || (await applyReceipts(hub, inbox, contactId, folded));
  if (receipts.length === 0) return;
  if (hasThread) await finishReceipts(hub, receipts, 'done', null);
  else await keepReceipts(hub, receipts, contactId);
}

async function finishReceipts(
  hub: Hub,
  receipts: ParsedEvent[],
  state: 'done' | 'ignored',
  error: string | null,
): Promise<void> {
  await onStore(
    WebhookEventModel.updateMany(
      { _id: { $in: receipts.map((parsed) => parsed.stored._id) } },
      { $set: { state, error, finishedAt: new Date(hub.now()) }, $unset: { dueAt: 1, waitsFor: 1 } },
    ).exec(),
  );
}

/**
 * Receipts that came before their thread wait for whoever begins it (`applyWaiting`). They are looked at once more soon, because a
 * paused former owner of the lane may have missed that, and then when their time is over.
 */
async function keepReceipts(hub: Hub, receipts: ParsedEvent[], waitsFor: string): Promise<void> {
  for (const receipt of receipts) {
    const { _id, receivedAt } = receipt.stored;
    const wait = hub.now() - receivedAt.getTime() < EARLY_AGAIN ? EARLY_AGAIN : EARLY_FOR;
    const dueAt = new Date(receivedAt.getTime() + wait);
    if (dueAt.getTime() <= hub.now()) await finishReceipts(hub, [receipt], 'ignored', 'its thread never began');
    else
      await onStore(
        WebhookEventModel.updateOne({ _id }, { $set: { state: 'waiting', tries: 0, waitsFor, dueAt } }).exec(),
      );
  }
}

/** An outage or a lost lane says nothing about the event: the lane stops and the sweep comes back to it. */
function isTransientFault(error: unknown): boolean {
  const outage = error instanceof AppError ? error.status === 503 || error.status === 409 : isStoreOutage(error);
  return outage || error instanceof LaneLostError || error instanceof EventsMovedError;
}
