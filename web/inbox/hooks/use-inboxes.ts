import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { InboxDto } from '../../../src/shared/schemas/inbox.js';
import { inboxesApi } from '../api/inboxes.js';
import { queryKeys } from '../stores/inbox-cache.js';
import { useApi } from './app-context.js';

/** No event tells of an inbox that is held or needs to be connected again. */
export const INBOXES_EVERY_MS = 30_000;

/** The inboxes that the reader may see, read anew from time to time. */
export function useInboxes(): UseQueryResult<{ items: InboxDto[] }> {
  const api = useApi(inboxesApi);
  return useQuery({ queryKey: queryKeys.inboxes, queryFn: api.list, refetchInterval: INBOXES_EVERY_MS });
}

/** Why the sends of a conversation's inbox wait: what the conversation came with, until the inboxes have been read after it. */
export function useHold({ inbox, hold }: Pick<ConversationRowDto, 'inbox' | 'hold'>): ConversationRowDto['hold'] {
  const [since] = useState(Date.now);
  const { data, dataUpdatedAt } = useInboxes();
  const known = data?.items.find(({ id }) => id === inbox.id);
  return known === undefined || dataUpdatedAt < since ? hold : known.hold;
}
