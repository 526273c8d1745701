import type { MessageDto } from './schemas/message.js';
import type { DeliveryState } from './words.js';

/** How a copy of a thread is kept right while events are late, early, lost or repeated; the same for every client (PROTOCOLS 3, 4). */

/** A place in a thread's reading order. */
export interface ReadingPosition {
  orderAt: number;
  tieKey: string;
}

/** What the rules look at of a message. */
export interface Revised extends ReadingPosition {
  id: string;
  rev: number;
}

/**
 * Which of two copies of equal revision stays. They say the same, but the incoming one has younger addresses of its files, and the
 * held one is drawn already.
 */
export type OfEquals = 'held' | 'incoming';

/** Reading order of a thread: `orderAt`, then `tieKey` by code units. */
export function compareReading(a: ReadingPosition, b: ReadingPosition): number {
  if (a.orderAt !== b.orderAt) return a.orderAt - b.orderAt;
  if (a.tieKey === b.tieKey) return 0;
  return a.tieKey < b.tieKey ? -1 : 1;
}

/** Whether a copy takes the place of the held one, by `rev` of a message or `version` of a conversation. */
export const supersedes = (incoming: number, held: number, ofEquals: OfEquals): boolean =>
  incoming > held || (ofEquals === 'incoming' && incoming === held);

/**
 * Takes messages into a thread: of each the higher revision stays. It does not matter how they came, in which order, or how often.
 * @returns the thread in reading order; the same array when nothing was taken.
 */
export function mergeMessages<M extends Revised>(
  held: readonly M[],
  incoming: readonly M[],
  ofEquals: OfEquals,
): readonly M[] {
  const byId = new Map(held.map((message) => [message.id, message]));
  let taken = false;
  for (const message of incoming) {
    const known = byId.get(message.id);
    if (known !== undefined && !supersedes(message.rev, known.rev, ofEquals)) continue;
    byId.set(message.id, message);
    taken = true;
  }
  return taken ? [...byId.values()].sort(compareReading) : held;
}

/**
 * The catch-up cursor after an answer to a catch-up. Answers may overtake each other, so it never moves back. Nothing else moves it:
 * when a live event arrives an earlier one may still be missing.
 */
export const cursorAfter = (cursor: number, answer: { rev: number }): number => Math.max(cursor, answer.rev);

/** What of a thread is shown: a message that was a second copy is held only so that no older copy of it can come back. */
export const shownMessages = <M extends { removed: boolean }>(messages: readonly M[]): M[] =>
  messages.filter((message) => !message.removed);

/** How far the other side has received and read. Milliseconds; 0: nothing. */
export interface Watermarks {
  deliveredUpTo: number;
  readUpTo: number;
}

/** Watermarks after more was told; they only rise. */
export const raised = (known: Watermarks, told: Partial<Watermarks>): Watermarks => ({
  deliveredUpTo: Math.max(known.deliveredUpTo, told.deliveredUpTo ?? 0),
  readUpTo: Math.max(known.readUpTo, told.readUpTo ?? 0),
});

/** Whether a watermark has reached a message. */
export const reaches = (watermark: number, at: number): boolean => at <= watermark;

/**
 * The tick to show for one of our messages: its own state, raised by the conversation's watermarks. Null for messages that were not
 * sent by us.
 */
export function deliveryOf(
  { delivery, acceptedAt }: Pick<MessageDto, 'delivery' | 'acceptedAt'>,
  { deliveredUpTo, readUpTo }: Watermarks,
): DeliveryState | null {
  if (delivery !== 'sent' || acceptedAt === null) return delivery;
  if (reaches(readUpTo, acceptedAt)) return 'read';
  return reaches(deliveredUpTo, acceptedAt) ? 'delivered' : 'sent';
}
