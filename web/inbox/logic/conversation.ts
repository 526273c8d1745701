import type { ConversationDto, ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { supersedes } from '../../../src/shared/thread-order.js';

/** A conversation as it arrives: list rows and catch-up answers know the reader's `readCount`, live events do not. */
export type IncomingConversation = ConversationDto & { readCount?: number };

/** The newer of two copies, by `version` (PROTOCOLS 4). What the reader has read only ever grows. */
export function newerConversation(held: ConversationRowDto, incoming: IncomingConversation): ConversationRowDto {
  const readCount = Math.max(held.readCount, incoming.readCount ?? 0);
  if (supersedes(incoming.version, held.version, 'incoming')) return { ...incoming, readCount };
  return readCount === held.readCount ? held : { ...held, readCount };
}

/** Messages of the contact that the reader has not seen. */
export const unreadOf = (row: Pick<ConversationRowDto, 'contactMessageCount' | 'readCount'>): number =>
  Math.max(0, row.contactMessageCount - row.readCount);
