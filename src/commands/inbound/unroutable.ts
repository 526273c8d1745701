import { InboxModel, WebhookEventModel } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';
import { forgetInboxes } from '../../models/cached-inboxes.js';
import type { ParsedEvent } from './apply-events.js';

/**
 * Events of an account that nobody has connected: what means nothing to us is ignored, the rest waits as `unroutable` until the
 * account is connected (PROTOCOLS 5). An account that was connected in the meantime is not missed: its inbox is looked for again
 * after the marks are written.
 */
export async function markUnroutable(hub: Hub, batch: ParsedEvent[]): Promise<void> {
  const meaningless = batch.filter(({ events }) => events.every((event) => event.type === 'unsupported'));
  const waiting = batch.filter((parsed) => !meaningless.includes(parsed));
  const now = new Date(hub.now());
  const ids = (parsed: ParsedEvent[]) => parsed.map(({ stored }) => stored._id);
  if (meaningless.length > 0) {
    await onStore(
      WebhookEventModel.updateMany(
        { _id: { $in: ids(meaningless) } },
        { $set: { state: 'ignored', finishedAt: now }, $unset: { dueAt: 1 } },
      ).exec(),
    );
  }
  const first = waiting[0]?.stored;
  if (first === undefined) return;
  await onStore(
    WebhookEventModel.updateMany(
      { _id: { $in: ids(waiting) } },
      { $set: { state: 'unroutable', error: 'no inbox is connected to this account' }, $unset: { dueAt: 1 } },
    ).exec(),
  );
  const connected = await onStore(
    InboxModel.findOne({ channel: first.channel, accountId: first.accountId }, '_id').lean().exec(),
  );
  if (connected !== null) await routeAgain(hub, first.channel, first.accountId);
}

/** Accounts looked at in one round. */
const ROUND = 200;

/** Finds events that wait for an account which is connected by now: whoever connected it may have died before routing them. */
export async function routeForgotten(hub: Hub): Promise<void> {
  const waiting = await onStore(
    WebhookEventModel.find({ state: 'unroutable' }, 'channel accountId').sort({ _id: -1 }).limit(ROUND).lean().exec(),
  );
  const accounts = new Map(waiting.map((event) => [`${event.channel}:${event.accountId}`, event]));
  for (const { channel, accountId } of accounts.values()) {
    const inbox = await onStore(InboxModel.findOne({ channel, accountId }, '_id').lean().exec());
    if (inbox !== null) await routeAgain(hub, channel, accountId);
  }
}

/** Makes everything of an account due that waited for it to be connected. @returns how many events. */
export async function routeAgain(hub: Hub, channel: string, accountId: string): Promise<number> {
  forgetInboxes();
  const filter = { channel, accountId, state: 'unroutable' } as const;
  const lanes = await onStore(WebhookEventModel.distinct('lane', filter).exec());
  const result = await onStore(
    WebhookEventModel.updateMany(filter, {
      $set: { state: 'pending', tries: 0, dueAt: new Date(hub.now()), error: null },
    }).exec(),
  );
  for (const lane of lanes) hub.hints.inbound(lane);
  return result.modifiedCount;
}
