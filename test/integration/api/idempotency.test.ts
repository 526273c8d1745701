import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { apiRoutes } from '../../../src/api/router.js';
import { defineRoute, type Route } from '../../../src/api/route.js';
import { validationError } from '../../../src/errors.js';
import { IdempotencyKeyModel, MessageModel } from '../../../src/models/index.js';
import { buildConversation } from '../../support/build.js';
import { TestApp, type Account } from './support.js';

const HOUR = 60 * 60 * 1000;

/** How often the route has done its work, and what it waits for. */
let worked: unknown[] = [];
let waiting: Promise<void> = Promise.resolve();
let faulty = false;

const add: Route = defineRoute({
  method: 'post',
  path: '/things/:name',
  access: 'staff',
  ability: 'user.list',
  summary: 'Adds a thing',
  input: { params: z.strictObject({ name: z.string() }), body: z.strictObject({ n: z.number() }) },
  output: z.strictObject({ number: z.number(), name: z.string(), secret: z.string() }),
  status: 201,
  handle: async ({ input: { params, body } }) => {
    worked.push(body);
    await waiting;
    if (faulty) throw validationError([{ field: 'n', message: 'is taken' }]);
    return { number: worked.length, name: params.name, secret: 'shown once' };
  },
});

let app: TestApp;
let ada: Account;
let bob: Account;

beforeAll(async () => {
  app = await TestApp.start({ parts: { routes: [...apiRoutes([]), add] } });
  ada = await app.setUp();
  bob = await app.addUser(ada, 'agent', 'bob');
});
afterAll(() => app?.stop());
beforeEach(async () => {
  worked = [];
  faulty = false;
  waiting = Promise.resolve();
  app.clock.offset = 0;
  await IdempotencyKeyModel.deleteMany({});
});

const plainHash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

const post = (key: string | null, n = 1, options: { by?: Account; path?: string } = {}) =>
  app.call('POST', options.path ?? '/api/things/a', {
    token: (options.by ?? ada).accessToken,
    body: { n },
    headers: key === null ? {} : { 'Idempotency-Key': key },
  });

describe('a write with an Idempotency-Key', () => {
  it('is done once, and its repeat gets the first answer', async () => {
    const first = await post('k-1');
    const again = await post('k-1');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true']);
    expect(worked).toHaveLength(1);
  });

  it('is another one without the key, with another key, and from another caller', async () => {
    await post('k-1');
    for (const answer of [await post(null), await post('k-2'), await post('k-1', 1, { by: bob })])
      expect(answer.headers.get('Idempotency-Replayed')).toBeNull();
    expect(worked).toHaveLength(4);
  });

  it('keeps nothing that a password could be guessed by', async () => {
    const add = (password: string) =>
      app.call('POST', '/api/users', {
        token: ada.accessToken,
        body: { name: 'Eve', email: 'eve@example.com', password, role: 'agent' },
        headers: { 'Idempotency-Key': 'k-1' },
      });
    await add('password-1');
    const [first] = await IdempotencyKeyModel.find().lean();
    const request = [`user:${ada.id}:k-1`, 'POST', '/api/users', {}];
    const guess = { name: 'Eve', email: 'eve@example.com', password: 'password-1', role: 'agent' };
    const bodies = [guess, { ...guess, password: undefined }];
    expect(first?._id).toBe(request[0]);
    expect(bodies.map((body) => plainHash([...request, body]))).not.toContain(first?.fingerprint);

    expect((await add('password-2')).headers.get('Idempotency-Replayed')).toBe('true');
  });

  it('is refused when the key was used for another body, path or query', async () => {
    await post('k-1');
    for (const answer of [
      await post('k-1', 2),
      await post('k-1', 1, { path: '/api/things/b' }),
      await post('k-1', 1, { path: '/api/things/a?x=1' }),
    ]) {
      expect(answer.status).toBe(422);
      expect(answer.body.error?.code).toBe('IDEMPOTENCY_KEY_REUSED');
    }
    expect(worked).toHaveLength(1);
  });

  it('is not done beside its first, which may take its time', async () => {
    let release = (): void => undefined;
    waiting = new Promise((resolve) => (release = resolve));
    const first = post('k-1');
    while (worked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await post('k-1');
    release();
    expect([(await first).status, second.status, second.body.error?.code]).toEqual([201, 409, 'CONFLICT']);
    expect((await post('k-1')).body).toEqual((await first).body);
    expect(worked).toHaveLength(1);
  });

  it('that failed may be tried again, corrected or not', async () => {
    faulty = true;
    expect((await post('k-1')).status).toBe(400);
    faulty = false;
    expect((await post('k-1', 2)).status).toBe(201);
    expect(worked).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('whose process died is done by its repeat after a minute', async () => {
    await post('k-1');
    await IdempotencyKeyModel.updateOne({}, { $set: { answer: null } });
    expect((await post('k-1')).status).toBe(409);
    app.clock.offset = 61_000;
    const repeats = await Promise.all([post('k-1'), post('k-1')]);
    expect(repeats.map(({ status }) => status)).toContain(201);
    expect(worked).toHaveLength(2);
  });

  it.each([['with spaces in it'], ['k'.repeat(101)], ['clé']])('is refused for the key "%s"', async (key) => {
    const answer = await post(key);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.details?.map(({ field }) => field)).toEqual(['Idempotency-Key']);
    expect(worked).toHaveLength(0);
  });

  it('keeps nothing readable, for a day', async () => {
    await post('k-1');
    const [row] = await IdempotencyKeyModel.find().lean();
    expect(row?.answer).toMatch(/^v1\./);
    expect(JSON.stringify(row)).not.toContain('shown once');
    const [, ttl] = (await IdempotencyKeyModel.collection.indexes()) as { expireAfterSeconds?: number }[];
    expect(ttl?.expireAfterSeconds).toBe((24 * HOUR) / 1000);
  });
});

describe('a message with an Idempotency-Key', () => {
  it('is one message even if the process died after it was stored', async () => {
    const thread = await buildConversation();
    const write = (key: string) =>
      app.call('POST', `/api/conversations/${String(thread._id)}/messages`, {
        token: ada.accessToken,
        body: { text: 'She called', note: true },
        headers: { 'Idempotency-Key': key },
      });
    const first = await write('m-1');
    expect(first.status).toBe(200);
    await IdempotencyKeyModel.deleteMany({});
    expect((await write('m-1')).body).toEqual(first.body);
    await write('m-2');
    expect(await MessageModel.countDocuments({ text: 'She called' })).toBe(2);
  });
});
