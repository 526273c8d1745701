import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AuditEventModel, SessionModel } from '../../../src/models/index.js';
import { hashToken } from '../../../src/utils/tokens.js';
import { PASSWORD, TestApp, type Account } from './support.js';

let app: TestApp;
let ada: Account;

beforeAll(async () => {
  app = await TestApp.start({ env: { TRUST_PROXY: 'true' } });
  ada = await app.setUp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  app.clock.offset = 0;
  app.changes.length = 0;
  await app.redis.flushall();
});

const refresh = (refreshToken: string) => app.call('POST', '/api/auth/refresh', { body: { refreshToken } });
const me = (token?: string) => app.call('GET', '/api/auth/me', token === undefined ? {} : { token });
const wrong = (email: string, headers: Record<string, string> = {}) =>
  app.call('POST', '/api/auth/login', { body: { email, password: 'wrong password' }, headers });

const from = (address: string, cookie?: string): Record<string, string> => ({
  'X-Forwarded-For': address,
  ...(cookie === undefined ? {} : { Cookie: cookie }),
});
const right = (email: string, headers: Record<string, string> = {}) =>
  app.call('POST', '/api/auth/login', { body: { email, password: PASSWORD }, headers });
/** The cookie that an answer has the browser keep. */
const cookieOf = (answer: { headers: Headers }): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
/** As many wrong passwords as strangers from ten addresses may try. */
const exhaust = async (email: string): Promise<void> => {
  const statuses: number[] = [];
  for (let place = 1; place <= 10; place += 1)
    for (let n = 0; n < 5; n += 1) statuses.push((await wrong(email, from(`198.51.100.${place}`))).status);
  expect(statuses).toEqual(Array(50).fill(401));
  expect((await right(email, from('198.51.100.11'))).status).toBe(429);
};

const tokensOf = (answer: { body: { data?: unknown } }) =>
  answer.body.data as { accessToken: string; refreshToken: string };

describe('log-in', () => {
  test('answers tokens and the user, whatever the case of the address', async () => {
    const answer = await app.call('POST', '/api/auth/login', {
      body: { email: 'ADA@Example.com', password: PASSWORD },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      success: true,
      data: {
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        user: { id: ada.id, name: 'Ada', email: ada.email, role: 'admin', availability: 'available', active: true },
      },
    });
    expect(answer.text).not.toContain('passwordHash');
    expect((await me(tokensOf(answer).accessToken)).body.data).toEqual({
      user: expect.objectContaining({ id: ada.id }),
      scopeRev: 0,
    });
  });

  test('refuses a wrong password and an unknown account alike, and writes it down', async () => {
    const before = await AuditEventModel.countDocuments({ type: 'login.failed' });
    const [known, unknown] = [await wrong(ada.email), await wrong('nobody@example.com')];
    expect(known.status).toBe(401);
    expect(known.body).toEqual(unknown.body);
    expect(await AuditEventModel.countDocuments({ type: 'login.failed' })).toBe(before + 2);
  });

  test('takes an unknown account about as long as a known one', async () => {
    const time = async (email: string): Promise<number> => {
      const start = performance.now();
      await wrong(email);
      return performance.now() - start;
    };
    await time('warm@example.com');
    const unknown = await time('nobody@example.com');
    const known = await time(ada.email);
    expect(unknown).toBeGreaterThan(known * 0.3);
  });

  test('is throttled per account and address, also for many attempts at once, and only for that account', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => wrong('grace@example.com')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(7);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(refused[0]?.body.error?.code).toBe('RATE_LIMITED');
    expect((await app.call('POST', '/api/auth/login', { body: { email: ada.email, password: PASSWORD } })).status).toBe(
      200,
    );
  });

  test('forgets failures after a success', async () => {
    for (let n = 0; n < 4; n += 1) await wrong(ada.email);
    expect((await app.logIn(ada.email)).id).toBe(ada.id);
    for (let n = 0; n < 4; n += 1) expect((await wrong(ada.email)).status).toBe(401);
  });

  test('refuses what it does not know, and operators in place of text', async () => {
    const extra = await app.call('POST', '/api/auth/login', {
      body: { email: ada.email, password: PASSWORD, role: 'admin' },
    });
    expect(extra.status).toBe(400);
    expect(extra.body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'role' }] });
    const operator = await app.call('POST', '/api/auth/login', { body: { email: { $gt: '' }, password: PASSWORD } });
    expect(operator.body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'email' }] });
  });
});

describe('strangers who guess from ten addresses', () => {
  let grace: Account;
  beforeAll(async () => {
    grace = await app.addUser(ada, 'agent', 'grace.h');
  });

  test('lock nobody out who comes from a known device or address, and gain nothing by other cookies', async () => {
    const owner = cookieOf(await right(grace.email, from('203.0.113.1')));
    const other = cookieOf(await right(ada.email, from('203.0.113.2')));
    await exhaust(grace.email);
    const forged = [other, `${owner.slice(0, -3)}abc`, `${owner.split('=')[0]}=${grace.accessToken}`];
    for (const cookie of forged) expect((await right(grace.email, from('198.51.100.12', cookie))).status).toBe(429);
    expect((await right(grace.email, from('203.0.113.2'))).status).toBe(429);
    expect((await right(grace.email, from('203.0.113.1'))).status).toBe(200);
    expect((await right(grace.email, from('192.0.2.77', owner))).status).toBe(200);
  });

  test('may guess on a known device and at a known address only as often as anywhere else', async () => {
    const cookie = cookieOf(await right(grace.email, from('203.0.113.4')));
    const tries = (headers: Record<string, string>) =>
      Promise.all(Array.from({ length: 7 }, () => wrong(grace.email, headers)));
    for (const headers of [from('203.0.113.5', cookie), from('203.0.113.4')])
      expect((await tries(headers)).filter((answer) => answer.status === 401)).toHaveLength(5);
    // The next log-in on the device names it anew, and changes nothing about what it is counted by.
    expect((await right(grace.email, from('203.0.113.6', cookie))).status).toBe(429);
  });

  test('get a cookie out of reach of scripts and other sites, and a session that names no address', async () => {
    const answer = await right(grace.email, from('203.0.113.7'));
    const kept = answer.headers.get('set-cookie') ?? '';
    for (const word of ['HttpOnly', 'SameSite=Strict', 'Path=/api/auth/login', 'Max-Age=31536000'])
      expect(kept).toContain(word);
    const sessions = JSON.stringify(await SessionModel.find({ user: grace.id }).lean());
    expect(sessions).not.toContain('203.0.113');
    expect((await wrong(grace.email, from('203.0.113.7'))).headers.get('set-cookie')).toBeNull();
  });
});

describe('access tokens', () => {
  test('are genuine and not expired', async () => {
    const { accessToken } = await app.logIn(ada.email);
    expect((await me(`${accessToken.slice(0, -3)}abc`)).status).toBe(401);
    expect((await me(accessToken)).status).toBe(200);
    app.clock.offset = 15 * 60_000 + 1_000;
    const expired = await me(accessToken);
    expect(expired.body.error?.code).toBe('UNAUTHENTICATED');
  });

  test('end with the session, at once', async () => {
    const { accessToken, refreshToken } = await app.logIn(ada.email);
    expect((await app.call('POST', '/api/auth/logout', { body: { refreshToken } })).body).toEqual({
      success: true,
      data: null,
    });
    expect((await me(accessToken)).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect(app.changes).toEqual([{ type: 'revoked', userId: ada.id, sessionId: expect.any(String) }]);
    await app.call('POST', '/api/auth/logout', { body: { refreshToken } });
    expect(app.changes).toHaveLength(1);
  });
});

describe('refresh tokens', () => {
  test('rotate, and the store knows hashes only', async () => {
    const { refreshToken } = await app.logIn(ada.email);
    const second = tokensOf(await refresh(refreshToken));
    expect(second.refreshToken).not.toBe(refreshToken);
    expect((await me(second.accessToken)).status).toBe(200);
    const third = tokensOf(await refresh(second.refreshToken));
    const stored = await SessionModel.findOne({ tokenHash: hashToken(third.refreshToken) }).lean();
    expect(stored?.usedHashes).toEqual([hashToken(refreshToken), hashToken(second.refreshToken)]);
  });

  test('answer two tabs that refresh at once with the same successor', async () => {
    const { refreshToken } = await app.logIn(ada.email);
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const successors = new Set(answers.map((answer) => tokensOf(answer).refreshToken));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0] ?? '')).status).toBe(200);
  });

  test('used again later end the session for everybody', async () => {
    const { refreshToken } = await app.logIn(ada.email);
    const owner = tokensOf(await refresh(refreshToken));
    app.clock.offset = 11_000;
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    expect((await me(owner.accessToken)).status).toBe(401);
    expect(app.changes).toEqual([{ type: 'revoked', userId: ada.id, sessionId: expect.any(String) }]);
    expect(await app.auditTypes()).toContain('session.tokenReused');
  });

  test('from before the last one end the session even within the grace time', async () => {
    const { refreshToken } = await app.logIn(ada.email);
    const second = tokensOf(await refresh(refreshToken));
    const third = tokensOf(await refresh(second.refreshToken));
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  test('that nobody was given are refused and end nothing', async () => {
    const { accessToken } = await app.logIn(ada.email);
    expect((await refresh('made-up')).status).toBe(401);
    expect((await me(accessToken)).status).toBe(200);
  });

  test('end after 30 days without use', async () => {
    const { refreshToken } = await app.logIn(ada.email);
    app.clock.offset = 30 * 24 * 3_600_000 + 1_000;
    expect((await refresh(refreshToken)).status).toBe(401);
  });
});
