import type { AttachmentDto, MessageDto } from '../../../src/shared/dto.js';
import type { SendMessageInput } from '../../../src/shared/socket-events.js';
import type { Refusal } from './refusal.js';

/**
 * `waiting`: goes out when its turn comes; `sending`: a request is under way; `stale`: a colleague answered first and the
 * writer has to decide; `refused`: the server said no, and why.
 */
export type OutboxState = 'waiting' | 'sending' | 'stale' | 'refused';

/** A message that the server has not acknowledged yet. */
export interface OutboxItem {
  /** The `clientMessageId`: sending it again never makes a second message. */
  id: string;
  conversationId: string;
  text: string;
  attachments: AttachmentDto[];
  note: boolean;
  replyTo: { messageId: string; preview: string } | null;
  lastSeenRev: number;
  force: boolean;
  createdAt: number;
  state: OutboxState;
  /** Why; null unless refused. */
  error: Refusal | null;
  /** Tries that ended without an answer. */
  tries: number;
  /** Not to be tried before this time, in milliseconds. */
  notBefore: number;
  /** The server asked for that wait, so nothing shortens it but the writer. */
  asked?: boolean;
}

/**
 * What a try came to. `later`: nobody answered, or the server cannot do it now (`afterMs`: for how long) or wants not to be asked
 * again so soon (`asked`).
 */
export type SendOutcome =
  | { kind: 'sent'; message: MessageDto }
  | { kind: 'later'; afterMs: number | null; asked?: boolean }
  | { kind: 'stale' }
  | { kind: 'refused'; error: Refusal };

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

/**
 * The items to send now: of each conversation the first one that is not refused, if it waits and its time has come. One
 * sender's messages go out one after the other (PROTOCOLS 3); one that was refused lets the next pass.
 */
export function dueItems(items: readonly OutboxItem[], now: number): OutboxItem[] {
  return headItems(items).filter((item) => item.state === 'waiting' && item.notBefore <= now);
}

/** When the next waiting item may be tried; null: none waits for time. */
export function nextDueAt(items: readonly OutboxItem[]): number | null {
  const times = headItems(items).flatMap((item) => (item.state === 'waiting' ? item.notBefore : []));
  return times.length === 0 ? null : Math.min(...times);
}

/** Changes one item; the same array if it is gone. */
export function updateItem(items: OutboxItem[], id: string, change: Partial<OutboxItem>): OutboxItem[] {
  const index = items.findIndex((item) => item.id === id);
  const item = items[index];
  return item === undefined ? items : items.with(index, { ...item, ...change });
}

/** Applies the outcome of a try. */
export function settleItem(items: OutboxItem[], id: string, outcome: SendOutcome, now: number): OutboxItem[] {
  if (outcome.kind === 'sent') return items.filter((item) => item.id !== id);
  if (outcome.kind === 'stale') return updateItem(items, id, { state: 'stale' });
  if (outcome.kind === 'refused') return updateItem(items, id, { state: 'refused', error: outcome.error });
  const tries = (items.find((item) => item.id === id)?.tries ?? 0) + 1;
  const delay = outcome.afterMs ?? RETRY_MS[Math.min(tries, RETRY_MS.length) - 1] ?? 0;
  return updateItem(items, id, { state: 'waiting', tries, notBefore: now + delay, asked: outcome.asked === true });
}

/** Lets what waits be tried at once, when the connection is back. */
export const hurryItems = (items: OutboxItem[]): OutboxItem[] =>
  items.map((item) =>
    item.state === 'waiting' && item.notBefore > 0 && item.asked !== true ? { ...item, notBefore: 0 } : item,
  );

/** After a reload a request that was under way has no known end; it waits to be sent again under the same id. */
export const restoreItems = (items: readonly OutboxItem[]): OutboxItem[] =>
  items.map((item) => (item.state === 'sending' ? { ...item, state: 'waiting', notBefore: 0 } : item));

/** What is still on its way: neither refused nor waiting for a decision. */
export const onTheWay = (items: readonly OutboxItem[]): number =>
  items.filter((item) => item.state === 'waiting' || item.state === 'sending').length;

/** The request for an item. A note is never stale: it does not speak to the customer. */
export function toSendInput(item: OutboxItem): SendMessageInput {
  return {
    conversationId: item.conversationId,
    clientMessageId: item.id,
    ...(item.text === '' ? {} : { text: item.text }),
    ...(item.attachments.length === 0 ? {} : { attachmentIds: item.attachments.map(({ id }) => id) }),
    ...(item.note ? { note: true } : { lastSeenRev: item.lastSeenRev }),
    ...(item.replyTo === null ? {} : { replyToMessageId: item.replyTo.messageId }),
    ...(item.force ? { force: true } : {}),
  };
}

function headItems(items: readonly OutboxItem[]): OutboxItem[] {
  const heads = new Map<string, OutboxItem>();
  for (const item of items) {
    if (item.state !== 'refused' && !heads.has(item.conversationId)) heads.set(item.conversationId, item);
  }
  return [...heads.values()];
}
