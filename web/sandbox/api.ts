import type { KnownError, Mode, SandboxState, Settings, StoredFile, Thread } from './types.js';

const BASE = '/sandbox/api';

/** Makes a call of the scripting API. Throws an Error with the sandbox's own words. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isBytes = body instanceof Blob;
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { 'Content-Type': isBytes ? 'application/octet-stream' : 'application/json' };
    init.body = isBytes ? body : JSON.stringify(body);
  }
  const response = await fetch(BASE + path, init);
  const text = await response.text();
  const answer: unknown = text === '' ? null : JSON.parse(text);
  if (!response.ok)
    throw new Error((answer as { error?: { message?: string } })?.error?.message ?? 'That did not work.');
  return answer as T;
}

const post = <T = unknown>(path: string, body: unknown = {}): Promise<T> => call<T>('POST', path, body);

export const api = {
  state: (): Promise<SandboxState> => call('GET', '/state'),
  thread: (personId: string): Promise<Thread> => call('GET', `/ledger?person=${personId}&limit=200`),
  errors: (): Promise<KnownError[]> => call('GET', '/errors'),
  /** An act of a person: `messages`, `reactions`, `read` … */
  act: (personId: string, name: string, body: unknown = {}): Promise<unknown> =>
    post(`/people/${personId}/${name}`, body),
  upload: (file: File): Promise<StoredFile> =>
    call('POST', `/files?name=${encodeURIComponent(file.name)}`, new Blob([file])),
  createPerson: (pageId: string, firstName: string, lastName: string): Promise<{ id: string }> =>
    post('/people', { pageId, firstName, lastName }),
  addRule: (
    kind: string,
    mode: Mode,
    times: number | null,
    personId: string | null,
    event?: string,
  ): Promise<unknown> =>
    post('/rules', {
      kind,
      mode,
      times,
      match: { ...(personId === null ? {} : { personId }), ...(event === undefined ? {} : { event }) },
    }),
  removeRule: (id: string): Promise<unknown> => call('DELETE', `/rules/${id}`),
  clearRules: (): Promise<unknown> => call('DELETE', '/rules'),
  settings: (settings: Partial<Settings>): Promise<unknown> => call('PUT', '/settings', settings),
  tokenFault: (pageId: string, fault: number | null): Promise<unknown> => post(`/pages/${pageId}/token`, { fault }),
  reset: (): Promise<unknown> => post('/reset'),
};
