import type { CustomerConversationDto } from '../../../../../src/shared/schemas/conversation.js';
import type { CustomerMessageDto } from '../../../../../src/shared/schemas/message.js';

/** A message of the customer's own unless told otherwise; `id` also serves as its tie key. */
export function buildMessage(part: Partial<CustomerMessageDto> & { id: string }): CustomerMessageDto {
  return {
    conversationId: 'c1',
    seq: part.rev ?? 1,
    rev: 1,
    orderAt: 1_000,
    tieKey: part.id,
    kind: 'message',
    sender: { type: 'contact', id: 'p1', name: 'Ada' },
    text: `text of ${part.id}`,
    attachments: [],
    quickReplies: [],
    replyTo: null,
    reactions: [],
    edited: false,
    unsent: false,
    removed: false,
    clientMessageId: null,
    ...part,
  };
}

export const AGENT = { type: 'agent', id: 'u1', name: 'Marta' } as const;

export function buildConversation(part: Partial<CustomerConversationDto> = {}): CustomerConversationDto {
  return {
    id: 'c1',
    number: 'TKT-1',
    status: 'open',
    agentName: null,
    rev: 1,
    version: 1,
    teamReadUpTo: 0,
    ...part,
  };
}
