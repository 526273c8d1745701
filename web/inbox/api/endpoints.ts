import type { ConversationStatus } from '../../../src/shared/conversation-status.js';
import type { LoggedIn, SetUpInput, SetUpState, WhoAmI } from '../../../src/shared/schemas/auth.js';
import type { ConversationDto, ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { InboxDto } from '../../../src/shared/schemas/inbox.js';
import type { MessageDto, SendMessageInput } from '../../../src/shared/schemas/message.js';
import type { ThreadPage } from '../../../src/shared/schemas/sync.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { ListPage, ListView } from '../../../src/shared/schemas/view.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { call, type HttpClient } from './http.js';

/** Requests that need no session. */
export const publicApi = {
  setup: () => call<SetUpState>(fetchHere, 'GET', '/api/setup'),
  createAdmin: (input: SetUpInput) => call<LoggedIn>(fetchHere, 'POST', '/api/setup', input),
  login: (input: { email: string; password: string }) => call<LoggedIn>(fetchHere, 'POST', '/api/auth/login', input),
  refresh: (refreshToken: string) => call<LoggedIn>(fetchHere, 'POST', '/api/auth/refresh', { refreshToken }),
  logout: (refreshToken: string) => call<null>(fetchHere, 'POST', '/api/auth/logout', { refreshToken }),
};

export type StaffApi = ReturnType<typeof createStaffApi>;

/** Requests in the reader's name, one function per endpoint. All throw ApiFailure. */
export function createStaffApi(http: HttpClient) {
  const conversation = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;
  return {
    me: () => http.request<WhoAmI>('GET', '/api/auth/me'),
    users: () => http.request<{ items: UserDto[] }>('GET', '/api/users'),
    inboxes: () => http.request<{ items: InboxDto[] }>('GET', '/api/inboxes'),
    conversations: (view: ListView, cursor: string | null, limit: number) =>
      http.request<ListPage>('GET', `/api/conversations?${listQuery(view, cursor, limit)}`),
    conversation: (id: string) => http.request<{ conversation: ConversationRowDto }>('GET', conversation(id)),
    messages: (id: string, before: string | null, limit: number = LIMITS.threadPage / 2) =>
      http.request<ThreadPage>('GET', `${conversation(id)}/messages?${messagesQuery(before, limit)}`),
    send: ({ conversationId, ...input }: SendMessageInput) =>
      http.request<{ message: MessageDto }>('POST', `${conversation(conversationId)}/messages`, input),
    markRead: (id: string, rev: number) =>
      http.request<{ readCount: number }>('POST', `${conversation(id)}/read`, { rev }),
    assign: (id: string, assigneeId: string | null) =>
      http.request<{ conversation: ConversationDto }>('POST', `${conversation(id)}/assign`, { assigneeId }),
    setStatus: (id: string, status: ConversationStatus) =>
      http.request<{ conversation: ConversationDto }>('POST', `${conversation(id)}/status`, { status }),
    sendAgain: (id: string, messageId: string) =>
      http.request<{ message: MessageDto }>(
        'POST',
        `${conversation(id)}/messages/${encodeURIComponent(messageId)}/retry`,
        {},
      ),
  };
}

const fetchHere = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

function listQuery(view: ListView, cursor: string | null, limit: number): URLSearchParams {
  const query = new URLSearchParams({ view: view.kind, done: view.done ? '1' : '0', limit: String(limit) });
  if (view.inboxId !== undefined) query.set('inboxId', view.inboxId);
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}

function messagesQuery(before: string | null, limit: number): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== null) query.set('before', before);
  return query;
}
