import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AuditEventModel, SessionModel } from '../../../src/models/index.js';
import { hashToken } from '../../../src/utils/tokens.js';
import { PASSWORD, TestApp, type Account } from './support.js';

jest.setTimeout(60_000);

let app: TestApp;
let ada: Account;

beforeAll(async () => {
  app = await TestApp.start();
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

describe('access tokens', () => {
  test('are needed, genuine and not expired', async () => {
    expect((await me()).status).toBe(401);
    expect((await me('nonsense')).status).toBe(401);
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
