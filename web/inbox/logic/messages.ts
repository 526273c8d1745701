import type { MessageDto } from '../../../src/shared/schemas/message.js';

/** A place in a thread's reading order. */
export type ReadingPosition = Pick<MessageDto, 'orderAt' | 'tieKey'>;

/** Reading order of a thread: `orderAt`, then `tieKey` by code units, the same for every reader (PROTOCOLS 3). */
export function compareReading(a: ReadingPosition, b: ReadingPosition): number {
  if (a.orderAt !== b.orderAt) return a.orderAt - b.orderAt;
  if (a.tieKey === b.tieKey) return 0;
  return a.tieKey < b.tieKey ? -1 : 1;
}

/**
 * Adds messages to a thread: by id the higher `rev` wins. Of equal revisions the incoming copy wins, because its signed
 * file addresses are younger. Answers the same array when nothing arrived.
 */
export function mergeMessages(held: MessageDto[], incoming: readonly MessageDto[]): MessageDto[] {
  if (incoming.length === 0) return held;
  const byId = new Map(held.map((message) => [message.id, message]));
  for (const message of incoming) {
    const known = byId.get(message.id);
    if (known === undefined || message.rev >= known.rev) byId.set(message.id, message);
  }
  return [...byId.values()].sort(compareReading);
}
