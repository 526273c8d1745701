import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { OutboxItem } from './outbox.js';
import { dayKey } from './time.js';

/** One row of a thread: a stored message, or one of ours that the server has not acknowledged yet. */
export type ThreadRow = {
  /** Stays the same when a pending message becomes a stored one, so that its row is not drawn anew. */
  key: string;
  at: number;
  /** It is the first of its day. */
  startsDay: boolean;
  /** It follows a message of the same sender within a few minutes, so the name is not repeated. */
  continues: boolean;
} & ({ kind: 'message'; message: MessageDto } | { kind: 'pending'; item: OutboxItem });

const SAME_BREATH = 5 * 60_000;

/** The rows of a thread in reading order, own unacknowledged messages last. */
export function buildThreadRows(
  messages: readonly MessageDto[],
  pending: readonly OutboxItem[],
  readerId: string,
): ThreadRow[] {
  const stored = new Set(messages.flatMap((message) => ownKey(message, readerId) ?? []));
  const entries = [
    ...messages.map((message) => ({
      key: ownKey(message, readerId) ?? message.id,
      at: message.orderAt,
      speaker: speakerOf(message),
      body: { kind: 'message' as const, message },
    })),
    ...pending
      .filter((item) => !stored.has(item.id))
      .map((item) => ({
        key: item.id,
        at: item.createdAt,
        speaker: `${item.note ? 'note' : 'message'}:agent:${readerId}`,
        body: { kind: 'pending' as const, item },
      })),
  ];
  return entries.map(({ key, at, speaker, body }, index) => {
    const before = entries[index - 1];
    const startsDay = before === undefined || dayKey(before.at) !== dayKey(at);
    const continues = !startsDay && before.speaker === speaker && Math.abs(at - before.at) < SAME_BREATH;
    return { key, at, startsDay, continues, ...body };
  });
}

/** Index of the first row for a list that grows upwards: rows put in front of the anchor lower it, none other does. */
export function firstIndexFor(
  rows: readonly Pick<ThreadRow, 'key'>[],
  anchorKey: string | null,
  start: number,
): number {
  const index = rows.findIndex((row) => row.key === anchorKey);
  return start - Math.max(index, 0);
}

const ownKey = (message: MessageDto, readerId: string): string | null =>
  message.sender.type === 'agent' && message.sender.id === readerId ? message.clientMessageId : null;

function speakerOf(message: MessageDto): string {
  const kind = message.kind === 'postback' ? 'message' : message.kind;
  return `${kind}:${message.sender.type}:${message.sender.id ?? message.sender.name}`;
}

/** How many rows follow the one with a key; none when the key is unknown. */
export function rowsAfter(rows: readonly Pick<ThreadRow, 'key'>[], key: string | null): number {
  const index = rows.findIndex((row) => row.key === key);
  return index === -1 ? 0 : rows.length - 1 - index;
}
