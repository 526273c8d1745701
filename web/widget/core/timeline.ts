import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import { reaches, shownMessages } from '../../../src/shared/thread-order.js';
import type { OutboxEntry } from './outbox.js';
import type { Thread } from './thread.js';
import { currentConversation } from './thread.js';

/** State of the visitor's own message: on its way, stored by the server, read by the team, or refused. */
export type Tick = 'sending' | 'sent' | 'read' | 'failed';

/** One row of the thread on screen. `first` and `last` mark the ends of a run of messages by one sender. */
export type TimelineItem =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'boundary'; key: string }
  | {
      kind: 'message';
      key: string;
      message: CustomerMessageDto;
      own: boolean;
      first: boolean;
      last: boolean;
      tick: Tick | null;
    }
  | { kind: 'waiting'; key: string; entry: OutboxEntry; first: boolean; last: boolean; tick: Tick };

/** Messages of one sender this close together, in milliseconds, are drawn as one run. */
const RUN_GAP = 5 * 60_000;

interface Row {
  at: number;
  sender: string;
  conversationId: string | null;
  item: Extract<TimelineItem, { kind: 'message' | 'waiting' }>;
}

function rowOfMessage(message: CustomerMessageDto, teamReadUpTo: number): Row {
  const own = message.sender.type === 'contact';
  const tick: Tick | null = own ? (reaches(teamReadUpTo, message.orderAt) ? 'read' : 'sent') : null;
  // An own message keeps the key it had while it waited, so that its element stays when the server confirms it.
  const key = (own ? message.clientMessageId : null) ?? message.id;
  return {
    at: message.orderAt,
    sender: own ? 'own' : `${message.sender.type}:${message.sender.id ?? message.sender.name}`,
    conversationId: message.conversationId,
    item: { kind: 'message', key, message, own, first: true, last: true, tick },
  };
}

const rowOfEntry = (entry: OutboxEntry): Row => ({
  at: entry.at,
  sender: 'own',
  conversationId: null,
  item: {
    kind: 'waiting',
    key: entry.clientMessageId,
    entry,
    first: true,
    last: true,
    tick: entry.error === null ? 'sending' : 'failed',
  },
});

const joins = (earlier: Row | undefined, later: Row | undefined): boolean =>
  earlier !== undefined &&
  later !== undefined &&
  earlier.sender === later.sender &&
  later.at - earlier.at < RUN_GAP &&
  sameDay(earlier.at, later.at) &&
  !crossesBoundary(earlier, later);

const crossesBoundary = (earlier: Row, later: Row): boolean =>
  earlier.conversationId !== null && later.conversationId !== null && earlier.conversationId !== later.conversationId;

/** Whether two times fall on one day of the reader's calendar. */
export const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/**
 * Lays a thread and the messages that wait to be sent out for display: day separators, borders between conversations, runs
 * by sender, ticks. Waiting messages stand at the end, where they will land; one that has already arrived is not shown twice.
 */
export function buildTimeline(thread: Thread, outbox: readonly OutboxEntry[]): TimelineItem[] {
  const arrived = new Set(thread.messages.map((message) => message.clientMessageId));
  const rows = [
    ...shownMessages(thread.messages).map((message) => {
      const known = thread.conversations[message.conversationId]?.conversation;
      return rowOfMessage(message, known?.teamReadUpTo ?? 0);
    }),
    ...outbox.filter((entry) => !arrived.has(entry.clientMessageId)).map(rowOfEntry),
  ];
  return rows.flatMap((row, index) => {
    const earlier = rows[index - 1];
    const items: TimelineItem[] = [];
    if (earlier === undefined || !sameDay(earlier.at, row.at))
      items.push({ kind: 'day', key: `day:${row.item.key}`, at: row.at });
    if (earlier !== undefined && crossesBoundary(earlier, row))
      items.push({ kind: 'boundary', key: `from:${row.item.key}` });
    items.push({ ...row.item, first: !joins(earlier, row), last: !joins(row, rows[index + 1]) });
    return items;
  });
}

/** The quick replies that are still open: those of the newest message, as long as the visitor has not answered. */
export function openQuickReplies(thread: Thread, outbox: readonly OutboxEntry[]): CustomerMessageDto['quickReplies'] {
  const last = shownMessages(thread.messages).at(-1);
  if (last === undefined || last.sender.type === 'contact' || last.unsent || outbox.length > 0) return [];
  return currentConversation(thread)?.status === 'closed' ? [] : last.quickReplies;
}
