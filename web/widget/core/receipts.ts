import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import type { Receipt } from '../../../src/shared/schemas/visitor.js';
import { raised, type Watermarks } from '../../../src/shared/thread-order.js';

const isTeam = (message: CustomerMessageDto): boolean => message.sender.type !== 'contact';

/** `orderAt` of the team's last message, of one conversation or of all; 0 when there is none. */
export const lastTeamOrderAt = (messages: readonly CustomerMessageDto[], conversationId?: string): number =>
  messages
    .filter((message) => isTeam(message) && (conversationId === undefined || message.conversationId === conversationId))
    .reduce((highest, message) => Math.max(highest, message.orderAt), 0);

/**
 * How many messages of the team the visitor has not read. Who has answered has read what stood above: on a device that
 * knows no watermark, everything before the visitor's own last message counts as read.
 */
export function countUnread(messages: readonly CustomerMessageDto[], readUpTo: number): number {
  const ownLast = messages
    .filter((message) => !isTeam(message))
    .reduce((highest, message) => Math.max(highest, message.orderAt), 0);
  const from = Math.max(readUpTo, ownLast);
  return messages.filter((message) => isTeam(message) && !message.unsent && !message.removed && message.orderAt > from)
    .length;
}

const NOTHING: Watermarks = { deliveredUpTo: 0, readUpTo: 0 };

/** Remembers what the server has confirmed, and says what it still has to be told. Watermarks only rise. */
export class ReceiptLog {
  private readonly confirmed = new Map<string, Watermarks>();

  /** The receipt that is due for a conversation, or null when the server knows everything. */
  due(conversationId: string, messages: readonly CustomerMessageDto[], readUpTo: number): Receipt | null {
    const known = this.confirmed.get(conversationId) ?? NOTHING;
    const delivered = lastTeamOrderAt(messages, conversationId);
    const read = Math.min(readUpTo, delivered);
    const receipt: Receipt = { conversationId };
    if (delivered > known.deliveredUpTo) receipt.deliveredUpTo = delivered;
    if (read > known.readUpTo) receipt.readUpTo = read;
    return receipt.deliveredUpTo === undefined && receipt.readUpTo === undefined ? null : receipt;
  }

  /** Call when the server has acknowledged a receipt; until then it stays due and is sent again after a reconnect. */
  confirm(receipt: Receipt): void {
    const known = this.confirmed.get(receipt.conversationId) ?? NOTHING;
    this.confirmed.set(receipt.conversationId, raised(known, receipt));
  }
}
