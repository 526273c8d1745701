import type { UserDto } from '../../../src/shared/dto.js';
import { call, type HttpClient } from './http.js';
import type { SessionData } from './session.js';

export interface SetupState {
  needed: boolean;
  demoLogins?: { role: string; email: string; password: string }[];
}

/** Requests that need no session. All throw ApiFailure. */
export const publicApi = {
  setup: () => call<SetupState>(fetchHere, 'GET', '/api/setup'),
  createAdmin: (input: { code: string; name: string; email: string; password: string }) =>
    call<SessionData>(fetchHere, 'POST', '/api/setup', input),
  login: (input: { email: string; password: string }) => call<SessionData>(fetchHere, 'POST', '/api/auth/login', input),
  refresh: (refreshToken: string) => call<SessionData>(fetchHere, 'POST', '/api/auth/refresh', { refreshToken }),
  logout: (refreshToken: string) => call<null>(fetchHere, 'POST', '/api/auth/logout', { refreshToken }),
};

/** The reader as the server knows them. Throws ApiFailure. */
export const readMe = (http: HttpClient) => http.request<{ user: UserDto; scopeRev: number }>('GET', '/api/auth/me');

function fetchHere(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}
