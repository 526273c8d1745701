/** What happened here, named `noun.pastTense`; `data` holds ids and the values a consumer needs (PROTOCOLS 2). */
export type DomainEvent =
  | { type: 'attachment.received'; conversation: string; data: { messageId: string; attachmentIds: string[] } }
  | { type: 'identity.created'; conversation: null; data: { identityId: string; channel: string } }
  | {
      type: 'conversation.readByTeam';
      conversation: string;
      data: { conversationId: string; identityId: string; channel: string };
    };

export type DomainEventType = DomainEvent['type'];
