import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { WebhookItem } from '../../../../channels/types.js';
import { createWebhookStore } from '../../../../src/commands/inbound/store-webhook-items.js';
import { WebhookEventModel } from '../../../../src/models/index.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const item = (dedupeKey: string): WebhookItem => ({
  ...{ accountId: '1', contactId: '2', dedupeKey, occurredAt: null, sentAt: null },
  payload: {},
});

test('everybody is answered within 5 s when the store hangs, whoever waits before them', async () => {
  const insert = jest
    .spyOn(WebhookEventModel.collection, 'insertMany')
    .mockImplementation(() => new Promise(() => undefined));
  const store = createWebhookStore({ now: () => Date.now() });
  const waits: number[] = [];
  const deliver = (key: string): void => {
    const arrived = Date.now();
    store('messenger', [item(key)]).catch(() => waits.push(Date.now() - arrived));
  };
  deliver('first');
  await jest.advanceTimersByTimeAsync(100);
  deliver('second');
  await jest.advanceTimersByTimeAsync(3_000);
  deliver('third');
  await jest.advanceTimersByTimeAsync(30_000);
  expect(waits).toHaveLength(3);
  expect(Math.max(...waits)).toBeLessThan(5_000);
  expect(insert).toHaveBeenCalledTimes(2);
});
