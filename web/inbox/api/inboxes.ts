import type { InboxDto } from '../../../src/shared/schemas/inbox.js';
import type { HttpClient } from './http.js';

export type InboxChanges = Partial<
  Pick<InboxDto, 'name' | 'allowedOrigins' | 'memberIds'> & { state: 'connected' | 'disconnected' }
>;

/** Calls about connected accounts. All throw ApiFailure. */
export const inboxesApi = (http: HttpClient) => ({
  list: () => http.request<{ items: InboxDto[] }>('GET', '/api/inboxes'),
  update: (id: string, changes: InboxChanges) =>
    http.request<{ inbox: InboxDto }>('PATCH', `/api/inboxes/${encodeURIComponent(id)}`, changes),
});
