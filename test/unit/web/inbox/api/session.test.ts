import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApiFailure,
  isGone,
  messageOf,
  outcomeOf,
  unreachable,
  waitAskedFor,
} from '../../../../../web/inbox/api/failure.js';
import { ask, type AgentSocket } from '../../../../../web/inbox/api/socket.js';
import { HttpClient, readAnswer } from '../../../../../web/inbox/api/http.js';
import { Session, SESSION_KEY, type SessionData } from '../../../../../web/inbox/api/session.js';
import { createWords } from '../../../../../web/inbox/i18n/instance.js';
import { ME, MemoryStorage } from '../builders.js';

const tokens = (n: number): SessionData => ({ accessToken: `a${n}`, refreshToken: `r${n}`, user: ME });
const refused = (status: number, code = 'X'): ApiFailure => new ApiFailure(status, { code, message: 'No.' });

/** Runs one thing at a time, like the browser's locks over all tabs. */
function newLock() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}

describe('Session', () => {
  let storage: MemoryStorage;
  let lock: ReturnType<typeof newLock>;
  let refreshed: string[];
  let refresh: (token: string) => Promise<SessionData>;
  const newTab = (): Session =>
    new Session({ storage, exclusively: (run) => lock(run), refresh: (token) => refresh(token) });

  beforeEach(() => {
    storage = new MemoryStorage();
    lock = newLock();
    refreshed = [];
    refresh = (token) => {
      refreshed.push(token);
      return Promise.resolve(tokens(refreshed.length + 1));
    };
  });

  it('is remembered, shared with other tabs, and forgotten', () => {
    const tab = newTab();
    tab.set(tokens(1));
    const other = newTab();
    expect(other.data.get()).toEqual(tokens(1));
    tab.clear();
    other.reread();
    expect(other.data.get()).toBeNull();
  });

  it('renews once for many requests', async () => {
    const tab = newTab();
    tab.set(tokens(1));
    await Promise.all([tab.renew('a1'), tab.renew('a1'), tab.renew('a1')]);
    expect(refreshed).toEqual(['r1']);
    expect(tab.data.get()?.accessToken).toBe('a2');
  });

  it('never uses a refresh token twice, however many tabs ask', async () => {
    newTab().set(tokens(1));
    const tabs = [newTab(), newTab(), newTab()];
    await Promise.all(tabs.map((tab) => tab.renew('a1')));
    expect(refreshed).toEqual(['r1']);
    expect(tabs.map((tab) => tab.data.get()?.accessToken)).toEqual(['a2', 'a2', 'a2']);
  });

  it('ends when the server refuses the refresh token', async () => {
    const tab = newTab();
    tab.set(tokens(1));
    refresh = () => Promise.reject(refused(401));
    expect(await tab.renew('a1')).toBeNull();
    expect(tab.data.get()).toBeNull();
    expect(storage.getItem(SESSION_KEY)).toBeNull();
    expect(tab.ended).toBe(true);
  });

  it('outlives a server that cannot be asked', async () => {
    const tab = newTab();
    tab.set(tokens(1));
    refresh = () => Promise.reject(unreachable());
    await expect(tab.renew('a1')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(tab.data.get()?.accessToken).toBe('a1');
    refresh = () => Promise.resolve(tokens(2));
    expect((await tab.renew('a1'))?.accessToken).toBe('a2');
  });

  it('takes new data of its own user only', () => {
    const tab = newTab();
    tab.set(tokens(1));
    tab.setUser({ ...ME, role: 'admin' });
    expect(tab.data.get()?.user.role).toBe('admin');
    tab.setUser({ ...ME, id: 'somebody else' });
    expect(tab.data.get()?.user.id).toBe(ME.id);
  });

  it('treats a broken stored session as none', () => {
    storage.setItem(SESSION_KEY, '{"accessToken":1}');
    expect(newTab().data.get()).toBeNull();
    storage.setItem(SESSION_KEY, 'nonsense');
    expect(newTab().data.get()).toBeNull();
  });
});

describe('HttpClient', () => {
  const setUp = (answers: Response[]) => {
    const seen: (string | null)[] = [];
    const session = new Session({
      storage: new MemoryStorage(),
      exclusively: (run) => run(),
      refresh: () => Promise.resolve(tokens(2)),
    });
    session.set(tokens(1));
    const http = new HttpClient(session, (_url, init) => {
      seen.push(new Headers(init.headers).get('Authorization'));
      const next = answers.shift();
      return next === undefined ? Promise.reject(new TypeError('fetch failed')) : Promise.resolve(next);
    });
    return { http, seen, session };
  };
  const ok = (data: unknown): Response => Response.json({ success: true, data });
  const no = (status: number, headers?: Record<string, string>): Response =>
    Response.json({ success: false, error: { code: 'NO', message: 'No.' } }, { status, ...(headers && { headers }) });

  it('opens the envelope', async () => {
    const { http, seen } = setUp([ok({ n: 1 })]);
    expect(await http.request('GET', '/api/x')).toEqual({ n: 1 });
    expect(seen).toEqual(['Bearer a1']);
  });

  it('renews a refused token once and repeats the request', async () => {
    const { http, seen } = setUp([no(401), ok('done')]);
    expect(await http.request('POST', '/api/x', {})).toBe('done');
    expect(seen).toEqual(['Bearer a1', 'Bearer a2']);
  });

  it('does not go on when the renewed token is refused too', async () => {
    const { http, seen } = setUp([no(401), no(401), ok('never')]);
    await expect(http.request('GET', '/api/x')).rejects.toMatchObject({ status: 401 });
    expect(seen).toHaveLength(2);
  });

  it('tells of a server that cannot be reached', async () => {
    await expect(setUp([]).http.request('GET', '/api/x')).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' });
  });

  it('tells how long to wait', async () => {
    const { http } = setUp([no(429, { 'Retry-After': '12' })]);
    await expect(http.request('GET', '/api/x')).rejects.toMatchObject({ status: 429, retryAfterMs: 12_000 });
  });

  it('makes a readable error of an answer that is none of ours', () => {
    expect(() => readAnswer(502, '<html>Bad gateway</html>', null)).toThrow(
      expect.objectContaining({ code: 'HTTP_502' }),
    );
    expect(() => readAnswer(200, '[]', null)).toThrow(ApiFailure);
  });
});

describe('what a failure means', () => {
  it('for a send', () => {
    expect(outcomeOf(unreachable())).toEqual({ kind: 'later', afterMs: null, asked: false });
    expect(outcomeOf(new ApiFailure(429, { code: 'RATE_LIMITED', message: '' }, 5_000))).toEqual({
      kind: 'later',
      afterMs: 5_000,
      asked: true,
    });
    expect(outcomeOf(refused(503))).toMatchObject({ kind: 'later', asked: false });
    expect(outcomeOf(refused(409, 'STALE_DRAFT'))).toEqual({ kind: 'stale' });
    expect(outcomeOf(refused(409, 'WINDOW_CLOSED'))).toEqual({
      kind: 'refused',
      error: { code: 'WINDOW_CLOSED', message: 'No.' },
    });
    expect(outcomeOf(refused(500))).toMatchObject({ kind: 'refused' });
    expect(outcomeOf(new Error('bug'))).toEqual({ kind: 'refused', error: { code: 'UNKNOWN', message: '' } });
  });

  it('over a socket: how long the server wants to be left alone', async () => {
    const ack = { ok: false, error: { code: 'RATE_LIMITED', message: 'Wait.', retryAfter: 7 } };
    const emit = (_event: string, _input: unknown, answer: (late: null, ack: unknown) => void) => answer(null, ack);
    const socket = { connected: true, timeout: () => ({ emit }) } as unknown as AgentSocket;
    const failure: unknown = await ask(socket, 'mark_read', { conversationId: 'c1', rev: 1 }).catch((error) => error);
    expect(waitAskedFor(failure)).toBe(7_000);
    expect(waitAskedFor(refused(503))).toBeNull();
  });

  it('for people, without inner details', () => {
    const words = createWords('en-GB');
    expect(messageOf(words, refused(400))).toBe('No.');
    expect(messageOf(words, refused(503, 'UNREACHABLE'))).toBe(words.t('error:UNREACHABLE'));
    expect(messageOf(words, new Error('TypeError: x is undefined'))).toBe(words.t('error:UNKNOWN'));
    expect(isGone(refused(404))).toBe(true);
    expect(isGone(refused(403))).toBe(true);
    expect(isGone(refused(503))).toBe(false);
  });
});
