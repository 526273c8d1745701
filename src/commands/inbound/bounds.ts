import type { InboundAttachment, InboundEvent, WebhookItem } from '../../../channels/types.js';

/** Longest id of a platform that is kept. Bytes of UTF-8: several times what any platform gives, and short enough to be indexed. */
const LONGEST_ID = 500;
/** Attachments of one message that are kept and shown (SPEC 2.3). */
const MOST_ATTACHMENTS = 50;

const isId = (id: string): boolean => Buffer.byteLength(id) <= LONGEST_ID;

/** Whether an event names an account and a contact that can exist. What names others cannot be stored, or found again. */
export const hasPossibleIds = ({ accountId, contactId }: Pick<WebhookItem, 'accountId' | 'contactId'>): boolean =>
  isId(accountId) && (contactId === null || isId(contactId));

/**
 * An event as far as it can be applied: what is about a message that no platform can name becomes `unsupported`, so that it is ignored
 * and counted instead of failing for ever; ids beside it are left out.
 */
export function withPossibleIds(event: InboundEvent): InboundEvent {
  switch (event.type) {
    case 'message':
      if (!isId(event.externalId)) return IMPOSSIBLE;
      return event.replyToId === null || isId(event.replyToId) ? event : { ...event, replyToId: null };
    case 'postback':
    case 'echo':
    case 'activity':
      return isId(event.externalId) ? event : IMPOSSIBLE;
    case 'thread_owner':
      return isId(event.activity.externalId) ? event : IMPOSSIBLE;
    case 'reaction':
    case 'edit':
    case 'unsend':
      return isId(event.targetId) ? event : IMPOSSIBLE;
    case 'delivery':
      return event.externalIds.every(isId) ? event : { ...event, externalIds: event.externalIds.filter(isId) };
    default:
      return event;
  }
}

const IMPOSSIBLE: InboundEvent = { type: 'unsupported', reason: 'An id longer than any platform gives' };

/** The attachments of one message that are kept, and how many more there were. */
export const boundAttachments = (attachments: InboundAttachment[]): { kept: InboundAttachment[]; more: number } => ({
  kept: attachments.slice(0, MOST_ATTACHMENTS),
  more: Math.max(0, attachments.length - MOST_ATTACHMENTS),
});
