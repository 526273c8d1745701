import type { NewUser, UserChanges, UserDto } from '../../../src/shared/schemas/user.js';
import type { HttpClient } from './http.js';

/** Calls about the team. All throw ApiFailure. */
export const usersApi = (http: HttpClient) => ({
  list: () => http.request<{ items: UserDto[] }>('GET', '/api/users'),
  create: (input: NewUser) => http.request<{ user: UserDto }>('POST', '/api/users', input),
  update: (id: string, changes: UserChanges) =>
    http.request<{ user: UserDto }>('PATCH', `/api/users/${encodeURIComponent(id)}`, changes),
});
