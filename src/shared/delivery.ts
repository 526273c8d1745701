import type { MessageDto } from './schemas/message.js';
import type { DeliveryState } from './words.js';

/**
 * The tick to show for one of our messages: its own state, raised by the conversation's watermarks (PROTOCOLS 3). Null for
 * messages that were not sent by us.
 */
export function deliveryOf(
  message: Pick<MessageDto, 'delivery' | 'acceptedAt'>,
  watermarks: { deliveredUpTo: number; readUpTo: number },
): DeliveryState | null {
  if (message.delivery !== 'sent' || message.acceptedAt === null) return message.delivery;
  if (message.acceptedAt <= watermarks.readUpTo) return 'read';
  if (message.acceptedAt <= watermarks.deliveredUpTo) return 'delivered';
  return 'sent';
}
