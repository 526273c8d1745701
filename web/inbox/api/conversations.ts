import type { ConversationStatus } from '../../../src/shared/conversation-status.js';
import type { ConversationDto, ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { LIMITS } from '../../../src/shared/limits.js';
import type { MessageDto, SendMessageInput } from '../../../src/shared/schemas/message.js';
import type { ThreadPage } from '../../../src/shared/schemas/sync.js';
import type { ListPage, ListView } from '../../../src/shared/schemas/view.js';
import { filtersOf } from '../logic/view.js';
import type { HttpClient } from './http.js';

export type ConversationsApi = ReturnType<typeof conversationsApi>;

/** Calls about conversations and their messages. All throw ApiFailure. */
export function conversationsApi(http: HttpClient) {
  const path = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;
  return {
    list: (view: ListView, cursor: string | null, limit: number) =>
      http.request<ListPage>('GET', `/api/conversations?${listQuery(view, cursor, limit)}`),
    get: (id: string) => http.request<{ conversation: ConversationRowDto }>('GET', path(id)),
    messages: (id: string, before: string | null, limit: number = LIMITS.threadPage / 2) =>
      http.request<ThreadPage>('GET', `${path(id)}/messages?${messagesQuery(before, limit)}`),
    send: ({ conversationId, ...input }: SendMessageInput) =>
      http.request<{ message: MessageDto }>('POST', `${path(conversationId)}/messages`, input),
    markRead: (id: string, rev: number) => http.request<{ readCount: number }>('POST', `${path(id)}/read`, { rev }),
    assign: (id: string, assigneeId: string | null) =>
      http.request<{ conversation: ConversationDto }>('POST', `${path(id)}/assign`, { assigneeId }),
    setStatus: (id: string, status: ConversationStatus) =>
      http.request<{ conversation: ConversationDto }>('POST', `${path(id)}/status`, { status }),
    sendAgain: (id: string, messageId: string) =>
      http.request<{ message: MessageDto }>('POST', `${path(id)}/messages/${encodeURIComponent(messageId)}/retry`, {}),
  };
}

function listQuery(view: ListView, cursor: string | null, limit: number): URLSearchParams {
  const query = new URLSearchParams({ view: view.kind, done: view.done ? '1' : '0', limit: String(limit) });
  if (view.inboxId !== undefined) query.set('inboxId', view.inboxId);
  for (const [name, value] of Object.entries(filtersOf(view))) query.set(name, value);
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}

function messagesQuery(before: string | null, limit: number): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== null) query.set('before', before);
  return query;
}
