import type { LoggedIn, SetUpInput, SetUpState, WhoAmI } from '../../../src/shared/schemas/auth.js';
import { call, type HttpClient } from './http.js';

/** Requests that need no session. All throw ApiFailure. */
export const publicApi = {
  setup: () => call<SetUpState>(fetchHere, 'GET', '/api/setup'),
  createAdmin: (input: SetUpInput) => call<LoggedIn>(fetchHere, 'POST', '/api/setup', input),
  login: (input: { email: string; password: string }) => call<LoggedIn>(fetchHere, 'POST', '/api/auth/login', input),
  refresh: (refreshToken: string) => call<LoggedIn>(fetchHere, 'POST', '/api/auth/refresh', { refreshToken }),
  logout: (refreshToken: string) => call<null>(fetchHere, 'POST', '/api/auth/logout', { refreshToken }),
};

/** The reader as the server knows them. Throws ApiFailure. */
export const readMe = (http: HttpClient) => http.request<WhoAmI>('GET', '/api/auth/me');

function fetchHere(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}
