/** What happened here, named `noun.pastTense`; `data` holds ids and the values a consumer needs (PROTOCOLS 2). */
export type DomainEvent =
  | {
      type: 'attachment.received';
      conversation: string;
      /** All of them are offered by this host. */
      data: { messageId: string; attachmentIds: string[]; host: string };
    }
  | { type: 'identity.created'; conversation: null; data: { identityId: string; canFetchProfile: boolean } }
  | {
      type: 'conversation.readByTeam';
      conversation: string;
      data: { conversationId: string; identityId: string; canShowRead: boolean };
    };

export type DomainEventType = DomainEvent['type'];
