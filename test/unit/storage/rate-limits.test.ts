import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLimits, type LimitPolicy } from '../../../src/storage/rate-limits.js';
import { loggerTo, quietLogger } from '../../support/loggers.js';

const THREE: LimitPolicy = { name: 'three', points: 3, seconds: 60 };

test('counts per key and tells how long to wait', async () => {
  const limits = createLimits(null, quietLogger);
  for (let n = 0; n < 3; n += 1) await limits.consume(THREE, 'a');
  await limits.consume(THREE, 'b');
  await expect(limits.consume(THREE, 'a')).rejects.toMatchObject({
    status: 429,
    code: 'RATE_LIMITED',
    retryAfterSeconds: 60,
  });
});

test('gives points back, one or all', async () => {
  const limits = createLimits(null, quietLogger);
  for (let n = 0; n < 3; n += 1) await limits.consume(THREE, 'a');
  await limits.refund(THREE, 'a');
  await limits.consume(THREE, 'a');
  await expect(limits.consume(THREE, 'a')).rejects.toMatchObject({ status: 429 });
  await limits.reset(THREE, 'a');
  await limits.consume(THREE, 'a');
});

test('a Redis that is away costs neither the limit nor the time', async () => {
  const warnings: string[] = [];
  const away = new Redis('redis://127.0.0.1:1', { lazyConnect: true, enableOfflineQueue: false });
  const limits = createLimits(
    away,
    loggerTo((_level, _category, message) => void warnings.push(message)),
  );
  const start = performance.now();
  for (let n = 0; n < 3; n += 1) await limits.consume(THREE, 'a');
  await expect(limits.consume(THREE, 'a')).rejects.toMatchObject({ status: 429 });
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(warnings).toHaveLength(1);
  away.disconnect();
});
