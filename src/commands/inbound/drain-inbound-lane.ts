import { WebhookEventModel, type Inbox, type WebhookEvent } from '../../models/index.js';
import { isStoreOutage, onStore } from '../../storage/in-transaction.js';
import { LaneLostError, withLane, type Lane } from '../../storage/lanes.js';
import { AppError } from '../../errors.js';
import { Chains } from '../../utils/chain.js';
import type { Hub } from '../hub.js';
import { inboxByAccount } from '../../models/cached-inboxes.js';
import { applyEvents, isOnlyReceipts, rawItem, type ParsedEvent } from './apply-events.js';
import { applyReceipts, foldReceipts } from './receipts.js';
import { markUnroutable } from './unroutable.js';

/** Events applied in one transaction (PROTOCOLS 6). */
const BATCH = 20;
/** Tries of one event for itself before it is parked. */
const MAX_TRIES = 3;
/** An event that is still here after this long has been tried before, perhaps by a process that died of it. Milliseconds. */
const SUSPICIOUS_AFTER = 5_000;

/** When a receipt that came before its thread is looked at again, and how long it waits. Milliseconds. */
const EARLY_AGAIN = 60_000;
const EARLY_FOR = 7 * 24 * 3_600_000;

const owed = (lane: string) => ({ lane, dueAt: { $lte: new Date() } });

/** Applies everything a lane of stored webhook events owes, in order, as the lane's only owner. */
export async function drainInboundLane(hub: Hub, laneId: string): Promise<void> {
  await withLane(
    laneId,
    (lane) => drain(hub, lane),
    async () => (await WebhookEventModel.findOne(owed(laneId), '_id').lean()) !== null,
  );
}

async function drain(hub: Hub, lane: Lane): Promise<void> {
  while (lane.held()) {
    const events = await onStore(
      WebhookEventModel.find(owed(lane.id)).sort({ dueAt: 1, _id: 1 }).limit(BATCH).lean().exec(),
    );
    const first = events[0];
    if (first === undefined) return;
    const batch = events.map((stored) => parse(hub, stored));
    const inbox = await inboxByAccount(first.channel, first.accountId);
    if (inbox === null) {
      await markUnroutable(hub, batch);
      continue;
    }
    const suspicious = events.some((event) => isSuspicious(hub, event));
    if (batch.length > 1 && !suspicious && (await tryBatch(hub, lane, inbox, batch))) continue;
    for (const parsed of batch) {
      if (!lane.held()) return;
      await applyAlone(hub, lane, inbox, parsed);
    }
  }
}

const isSuspicious = (hub: Hub, event: WebhookEvent): boolean =>
  event.state === 'pending' && (event.tries > 0 || hub.now() - event.receivedAt.getTime() > SUSPICIOUS_AFTER);

function parse(hub: Hub, stored: WebhookEvent): ParsedEvent {
  const adapter = hub.channels.get(stored.channel);
  return { stored, events: adapter?.parseEvent?.(rawItem(stored), hub.env.channels[stored.channel]) ?? [] };
}

/** @returns false when the batch cannot be applied together, so that each event is tried for itself. */
async function tryBatch(hub: Hub, lane: Lane, inbox: Inbox, batch: ParsedEvent[]): Promise<boolean> {
  try {
    await applyAll(hub, lane, inbox, batch);
    return true;
  } catch (error) {
    if (isTransientFault(error)) throw error;
    hub.logger.warn('inbound', 'a batch could not be applied together; trying one by one', { lane: lane.id, error });
    return false;
  }
}

/** Events that a process may have died of, or that failed: one at a time, so that a killer takes no other event's tries with it. */
const suspects = new Chains();

async function applyAlone(hub: Hub, lane: Lane, inbox: Inbox, parsed: ParsedEvent): Promise<void> {
  for (let next: ParsedEvent | null = parsed; next !== null;) {
    const attempt: ParsedEvent = next;
    const work = () => tryOnce(hub, lane, inbox, attempt);
    next = attempt.stored.tries > 0 ? await suspects.run('inbound', work) : await work();
  }
}

/** @returns the event as it is to be tried again; null when it is applied or parked. */
async function tryOnce(hub: Hub, lane: Lane, inbox: Inbox, parsed: ParsedEvent): Promise<ParsedEvent | null> {
  const { stored } = parsed;
  const raised = isSuspicious(hub, stored) ? await raiseTries(stored) : stored.tries;
  if (raised > MAX_TRIES) return park(hub, stored, stored.error ?? 'the process died each time it was tried');
  try {
    await applyAll(hub, lane, inbox, [parsed]);
    return null;
  } catch (error) {
    if (isTransientFault(error)) {
      if (raised > stored.tries) await takeTryBack(hub, stored);
      throw error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const tries = raised === stored.tries ? await raiseTries(stored) : raised;
    hub.logger.error('inbound', 'an event could not be applied', { event: String(stored._id), tries, error });
    if (tries >= MAX_TRIES) return park(hub, stored, message);
    await onStore(WebhookEventModel.updateOne({ _id: stored._id }, { $set: { error: message } }).exec());
    return { ...parsed, stored: { ...stored, tries, error: message } };
  }
}

/** Raised before the attempt, so that what kills the process is parked too (PROTOCOLS 2). */
async function raiseTries(stored: WebhookEvent): Promise<number> {
  await onStore(WebhookEventModel.updateOne({ _id: stored._id }, { $inc: { tries: 1 } }).exec());
  return stored.tries + 1;
}

/** Nobody died of it, so it was no try. Best effort: the store that failed us may still be away. */
async function takeTryBack(hub: Hub, stored: WebhookEvent): Promise<void> {
  try {
    await onStore(WebhookEventModel.updateOne({ _id: stored._id }, { $inc: { tries: -1 } }).exec());
  } catch (error) {
    hub.logger.debug('inbound', 'a try could not be taken back', { event: String(stored._id), error });
  }
}

async function park(hub: Hub, stored: WebhookEvent, error: string): Promise<null> {
  await onStore(
    WebhookEventModel.updateOne({ _id: stored._id }, { $set: { state: 'parked', error }, $unset: { dueAt: 1 } }).exec(),
  );
  hub.logger.error('inbound', 'an event is parked; replay it once the cause is mended', {
    event: String(stored._id),
    error,
  });
  return null;
}

/** Messages first, in one transaction; then the receipts, folded; then the marks of what was only a receipt. */
async function applyAll(hub: Hub, lane: Lane, inbox: Inbox, batch: ParsedEvent[]): Promise<void> {
  const contactId = batch[0]?.stored.contactId ?? null;
  const changing = batch.filter((parsed) => !isOnlyReceipts(parsed));
  const receipts = batch.filter(isOnlyReceipts);
  if (changing.length > 0) await applyEvents(hub, lane, inbox, contactId, changing);
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
    else await onStore(WebhookEventModel.updateOne({ _id }, { $set: { state: 'waiting', waitsFor, dueAt } }).exec());
  }
}

/** An outage or a lost lane says nothing about the event: the lane stops and the sweep comes back to it. */
function isTransientFault(error: unknown): boolean {
  const outage = error instanceof AppError ? error.status === 503 || error.status === 409 : isStoreOutage(error);
  return outage || error instanceof LaneLostError;
}
