import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { disconnectStore } from '../../../src/storage/mongo.js';
import { until } from '../../support/until.js';
import { TestApp, type Answer } from './support.js';

let app: TestApp;
const queue = { isUp: true };

beforeAll(async () => {
  const check = () => (queue.isUp ? Promise.resolve() : new Promise(() => undefined));
  app = await TestApp.start({ parts: { checks: [{ name: 'queues', required: false, check }] } });
});
afterAll(() => app?.stop());

/** Results are kept for a second; asks until the answer differs from the last one. */
const changedFrom = (last: string): Promise<Answer> =>
  until('the answer differs', async () => {
    const answer = await app.call('GET', '/readyz');
    return answer.text !== last && answer;
  });

test('readiness says which dependency is down; only the store takes us out', async () => {
  expect((await app.call('GET', '/livez')).body).toEqual({ success: true, data: { status: 'alive' } });
  const ready = await app.call('GET', '/readyz');
  expect(ready.body).toEqual({ success: true, data: { status: 'ready', degraded: [] } });

  queue.isUp = false;
  app.redis.disconnect();
  let answer = await changedFrom(ready.text);
  if (!answer.text.includes('queues')) answer = await changedFrom(answer.text);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ success: true, data: { status: 'degraded', degraded: ['redis', 'queues'] } });

  await disconnectStore();
  const down = await changedFrom(answer.text);
  expect(down.status).toBe(503);
  expect(down.body.error).toEqual({
    code: 'UNAVAILABLE',
    message: 'Not ready.',
    details: ['store', 'redis', 'queues'].map((field) => ({ field, message: 'does not answer' })),
  });
  const setup = await app.call('GET', '/api/setup');
  expect(setup.status).toBe(503);
  expect(setup.headers.get('retry-after')).not.toBeNull();
  expect((await app.call('GET', '/livez')).status).toBe(200);
});
