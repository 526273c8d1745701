import type { Role, UserDto } from '../../../src/shared/dto.js';
import type { HttpClient } from './http.js';

export type StaffRole = Exclude<Role, 'customer'>;

export interface NewUser {
  name: string;
  email: string;
  password: string;
  role: StaffRole;
}

export type UserChanges = Partial<{ name: string; role: StaffRole; active: boolean }>;

/** Calls about the team. All throw ApiFailure. */
export const usersApi = (http: HttpClient) => ({
  list: () => http.request<{ items: UserDto[] }>('GET', '/api/users'),
  create: (input: NewUser) => http.request<{ user: UserDto }>('POST', '/api/users', input),
  update: (id: string, changes: UserChanges) =>
    http.request<{ user: UserDto }>('PATCH', `/api/users/${encodeURIComponent(id)}`, changes),
});
