import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { LabelChanges, LabelDto, NewLabel } from '../../../src/shared/schemas/label.js';
import type { HttpClient } from './http.js';

/** Calls about labels. All throw ApiFailure. */
export function labelsApi(http: HttpClient) {
  const path = (id: string): string => `/api/labels/${encodeURIComponent(id)}`;
  return {
    list: () => http.request<{ items: LabelDto[] }>('GET', '/api/labels'),
    /** With how many conversations carry it, counted up to 101. */
    inUse: (id: string) => http.request<{ label: LabelDto; conversations: number }>('GET', path(id)),
    create: (input: NewLabel) => http.request<{ label: LabelDto }>('POST', '/api/labels', input),
    change: (id: string, changes: LabelChanges) => http.request<{ label: LabelDto }>('PATCH', path(id), changes),
    remove: (id: string) => http.request<null>('DELETE', path(id)),
    /** Puts labels on a conversation and takes others off. */
    set: (conversationId: string, change: { add: readonly string[]; remove: readonly string[] }) =>
      http.request<{ conversation: ConversationDto }>(
        'POST',
        `/api/conversations/${encodeURIComponent(conversationId)}/labels`,
        change,
      ),
  };
}
