import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UserModel } from '../../../src/models/index.js';
import { setupCodeOf } from '../../../src/utils/setup-code.js';
import { PASSWORD, TestApp } from './support.js';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

test('nobody who lacks the set-up code becomes the admin, and guessing is limited', async () => {
  const person = { name: 'Eve', email: 'eve@example.com', password: PASSWORD };
  expect((await app.call('POST', '/api/setup', { body: person })).status).toBe(400);
  const guess = () => app.call('POST', '/api/setup', { body: { ...person, code: 'AAAA-BBBB-CCCC-DDDD' } });
  const wrong = await guess();
  expect([wrong.status, wrong.body.error]).toMatchObject([403, { code: 'FORBIDDEN', details: [{ field: 'code' }] }]);
  const statuses: number[] = [];
  for (let n = 0; n < 20; n += 1) statuses.push((await guess()).status);
  expect(new Set(statuses)).toEqual(new Set([403, 429]));
  expect(await UserModel.countDocuments()).toBe(0);
  await app.redis.flushall();
});

test('of many set-ups at once one makes the admin, and afterwards none does', async () => {
  expect((await app.call('GET', '/api/setup')).body).toEqual({ success: true, data: { needed: true } });

  const code = setupCodeOf(app.hub.env.JWT_SECRET);
  const short = { code, name: 'Ada', email: 'ada@example.com', password: 'short' };
  const refused = await app.call('POST', '/api/setup', { body: short });
  expect(refused.status).toBe(400);
  expect(refused.body.error?.details).toEqual([{ field: 'password', message: 'must have at least 10 characters' }]);

  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      app.call('POST', '/api/setup', {
        body: {
          code: code.toLowerCase().replaceAll('-', ' '),
          name: 'Ada',
          email: `ada${n}@example.com`,
          password: PASSWORD,
        },
      }),
    ),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  expect(await UserModel.find().lean()).toEqual([expect.objectContaining({ role: 'admin', active: true })]);
  const made = answers.find((answer) => answer.status === 201)?.body.data;
  expect(made).toEqual({
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    user: expect.objectContaining({ role: 'admin', name: 'Ada' }),
  });
  expect(await app.auditTypes()).toEqual(['installation.setUp']);

  expect((await app.call('GET', '/api/setup')).body.data).toEqual({ needed: false });
  const late = await app.call('POST', '/api/setup', {
    body: { code, name: 'Eve', email: 'eve@example.com', password: PASSWORD },
  });
  expect(late.status).toBe(409);
});
