import type { InboundEvent } from '../../../channels/types.js';
import { WebhookEventModel, type Inbox, type WebhookEvent } from '../../models/index.js';
import { SYSTEM } from '../../policies/index.js';
import type { Fence } from '../../storage/lanes.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { applyAccountEvent, applyActivity, applyThreadOwner } from './apply-activity.js';
import { applyEcho } from './apply-echo.js';
import { applyMessage } from './apply-message.js';
import { applyEdit, applyReaction, applyUnsend } from './apply-targeted.js';
import { applyEarlyReceipts, foldReceipts } from './receipts.js';
import { withPossibleIds } from './bounds.js';
import { createApplying, DONE, IGNORED, type Applying, type Handler, type Outcome } from './applying.js';

/** A stored event with what it means. */
export interface ParsedEvent {
  stored: WebhookEvent;
  events: InboundEvent[];
}

type Kind = InboundEvent['type'];
type Handlers = { [K in Kind]?: Handler<Extract<InboundEvent, { type: K }>> };

/** Events were dealt with by the lane's former owner after they were read: what was done with them here is not committed. */
export class EventsMovedError extends Error {
  override readonly name = 'EventsMovedError';
}

/** One handler per kind. Receipts are folded and applied beside the transaction; what has no handler is ignored and counted. */
const HANDLERS: Handlers = {
  message: applyMessage,
  postback: applyMessage,
  echo: applyEcho,
  reaction: applyReaction,
  edit: applyEdit,
  unsend: applyUnsend,
  activity: applyActivity,
  thread_owner: applyThreadOwner,
  account_hold: applyAccountEvent,
  account_resume: applyAccountEvent,
  account_notice: applyAccountEvent,
};

/** How soon a postponed echo is looked at again. Milliseconds. */
const POSTPONED_FOR = 2_000;

const isReceipt = (event: InboundEvent): boolean => event.type === 'delivery' || event.type === 'read';

/** Whether an event only needs what happens beside the transaction. */
export const isOnlyReceipts = (parsed: ParsedEvent): boolean =>
  parsed.events.length > 0 && parsed.events.every(isReceipt);

/** When the contact did something that opens the reply window (SPEC 2.3: messages, buttons, reactions, some referrals). */
function windowOpenedAt(event: InboundEvent): number | null {
  if (event.type === 'message' || event.type === 'postback') return event.occurredAt;
  if (event.type === 'reaction') return event.action === 'react' ? event.occurredAt : null;
  if (event.type === 'activity') return event.opensWindow ? event.occurredAt : null;
  return null;
}

/** Retry of something that waits for an unknown message: 10 s, 1 min, 10 min, then hourly; given up after 7 days (PROTOCOLS 6). */
export function nextLook(age: number): number | null {
  const [second, minute, hour] = [1_000, 60_000, 3_600_000];
  if (age > 7 * 24 * hour) return null;
  if (age < 10 * second) return 10 * second;
  if (age < minute) return minute;
  return age < 20 * minute ? 10 * minute : hour;
}

/**
 * Applies stored events of one lane in one transaction, the marks on the events included. The first statement is the lane's fence.
 * Receipts in them are left to the caller.
 * @param waiting what of the lane waits for messages; null: it is looked up.
 * @throws EventsMovedError when somebody else has dealt with one of them since they were read.
 */
export async function applyEvents(
  hub: Hub,
  lane: Fence,
  inbox: Inbox,
  contactId: string | null,
  batch: ParsedEvent[],
  waiting: WebhookEvent[] | null = null,
): Promise<void> {
  const opened = batch.flatMap(({ stored, events }) =>
    events.flatMap((event) => {
      const at = windowOpenedAt(event);
      return at === null ? [] : [Math.min(at, stored.receivedAt.getTime())];
    }),
  );
  const openedWindowAt = opened.length === 0 ? null : new Date(Math.max(...opened));
  const postponed = await act(hub, SYSTEM, async (unit) => {
    await lane.fence(unit.session);
    const applying = createApplying({ act: unit, inbox, contactId }, openedWindowAt);
    const outcomes = new Map<WebhookEvent, Outcome>();
    for (const parsed of batch) outcomes.set(parsed.stored, await applyOne(applying, parsed));
    await applyWaiting(hub, applying, batch, waiting, outcomes);
    await markOutcomes(applying, outcomes);
    return [...outcomes.values()].some((outcome) => outcome.kind === 'postponed');
  });
  if (postponed) hub.hints.inbound(lane.id, POSTPONED_FOR);
}

async function applyOne(applying: Applying, { stored, events }: ParsedEvent): Promise<Outcome> {
  let outcome: Outcome = IGNORED;
  for (const event of events) {
    if (isReceipt(event)) {
      outcome = DONE;
      continue;
    }
    const handler = HANDLERS[event.type] as Handler | undefined;
    if (handler === undefined) continue;
    const result = await handler(applying, event, stored);
    if (result.kind === 'waiting' || result.kind === 'postponed') return result;
    if (result.kind === 'done') outcome = result;
  }
  return outcome;
}

/**
 * Whoever records a message's id applies what waited for it, in the same transaction (PROTOCOLS 6); whoever begins a contact's thread,
 * the receipts that waited for that.
 */
async function applyWaiting(
  hub: Hub,
  applying: Applying,
  batch: ParsedEvent[],
  read: WebhookEvent[] | null,
  outcomes: Map<WebhookEvent, Outcome>,
): Promise<void> {
  const ids = batch.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === 'message' || event.type === 'postback' || event.type === 'echo' ? [event.externalId] : [],
    ),
  );
  const { inbox, contactId } = applying;
  const { session, began } = applying.act;
  if (began !== null && contactId !== null) ids.push(contactId);
  if (ids.length === 0) return;
  const known = new Set([...outcomes.keys()].map((stored) => String(stored._id)));
  // Whatever waits for a message stands in its contact's lane.
  const waiting =
    read?.filter(({ waitsFor }) => waitsFor && ids.includes(waitsFor)) ??
    (await WebhookEventModel.find(
      // What is parked may have waited: it is nobody's to apply.
      { channel: inbox.channel, accountId: inbox.accountId, waitsFor: { $in: ids }, dueAt: { $gt: new Date(0) } },
      null,
      { session, sort: { _id: 1 }, limit: 100 },
    ).lean());
  const early: InboundEvent[] = [];
  for (const stored of waiting) {
    if (known.has(String(stored._id))) continue;
    const parsed = parseStored(hub, stored);
    outcomes.set(stored, await applyOne(applying, parsed));
    early.push(...parsed.events.filter(isReceipt));
  }
  const folded = foldReceipts(early);
  if (folded === null || began === null) return;
  const raised = await applyEarlyReceipts(session, began, folded);
  if (raised !== null) applying.act.show(raised);
}

/** What a stored event means, as far as it can be applied. @throws whatever its adapter does on a fault of ours. */
export function parseStored(hub: Pick<Hub, 'channels' | 'env'>, stored: WebhookEvent): ParsedEvent {
  const { channel, accountId, contactId = null, dedupeKey } = stored;
  const payload = JSON.parse(stored.payload) as Record<string, unknown>;
  const item = { accountId, contactId, dedupeKey, payload };
  const events = hub.channels.get(channel)?.parseEvent?.(item, hub.env.channels[channel]) ?? [];
  return { stored, events: events.map(withPossibleIds) };
}

async function markOutcomes({ act: { session, now } }: Applying, outcomes: Map<WebhookEvent, Outcome>): Promise<void> {
  const finished = { $unset: { dueAt: 1, waitsFor: 1 } } as const;
  for (const state of ['done', 'ignored'] as const) {
    const ids = [...outcomes].filter(([, outcome]) => outcome.kind === state).map(([stored]) => stored._id);
    if (ids.length === 0) continue;
    const marked = await WebhookEventModel.updateMany(
      { _id: { $in: ids }, dueAt: { $gt: new Date(0) } },
      { $set: { state, error: null, finishedAt: now }, ...finished },
      { session },
    );
    if (marked.matchedCount !== ids.length) throw new EventsMovedError();
  }
  for (const [stored, outcome] of outcomes) {
    if (outcome.kind === 'done' || outcome.kind === 'ignored') continue;
    const delay = outcome.kind === 'postponed' ? POSTPONED_FOR : nextLook(now.getTime() - stored.receivedAt.getTime());
    const update =
      delay === null
        ? {
            $set: { state: 'ignored' as const, error: 'the message it is about never came', finishedAt: now },
            ...finished,
          }
        : {
            $set: {
              state: 'waiting' as const,
              tries: 0,
              dueAt: new Date(now.getTime() + delay),
              ...(outcome.kind === 'waiting' ? { waitsFor: outcome.for } : {}),
            },
          };
    const marked = await WebhookEventModel.updateOne({ _id: stored._id, dueAt: { $gt: new Date(0) } }, update, {
      session,
    });
    if (marked.matchedCount !== 1) throw new EventsMovedError();
  }
}
