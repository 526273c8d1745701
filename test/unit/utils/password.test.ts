import { expect, test } from '@jest/globals';
import { assertPassword, checkPassword, hashPassword } from '../../../src/utils/password.js';

test('a hash knows its password and no other', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^\$2[aby]\$10\$/);
  expect(await checkPassword('correct horse battery', hash)).toBe(true);
  expect(await checkPassword('correct horse batterz', hash)).toBe(false);
  expect(await checkPassword('correct horse battery', null)).toBe(false);
});

test('hashing leaves the event loop free', async () => {
  let longest = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 2);
  const start = performance.now();
  await Promise.all(Array.from({ length: 5 }, () => hashPassword('correct horse battery')));
  const took = performance.now() - start;
  clearInterval(watch);
  expect(longest).toBeLessThan(took / 3);
});

test('too short and too long ones are refused, by characters and by bytes', async () => {
  expect(() => assertPassword('123456789')).toThrow(expect.objectContaining({ status: 400 }));
  expect(() => assertPassword('1234567890')).not.toThrow();
  expect(() => assertPassword('x'.repeat(72))).not.toThrow();
  expect(() => assertPassword('x'.repeat(73))).toThrow();
  expect(() => assertPassword('ü'.repeat(36))).not.toThrow();
  await expect(hashPassword('ü'.repeat(37))).rejects.toMatchObject({
    details: [{ field: 'password', message: 'must not be longer than 72 bytes' }],
  });
});

test('the ignored end of a longer password does not make it right', async () => {
  const hash = await hashPassword('x'.repeat(72));
  expect(await checkPassword('x'.repeat(72), hash)).toBe(true);
  expect(await checkPassword(`${'x'.repeat(72)}y`, hash)).toBe(false);
});

test('a crowd beyond what one thread can serve is turned away', async () => {
  const results = await Promise.allSettled(Array.from({ length: 130 }, () => checkPassword('a', 'not a hash')));
  expect(results.filter((result) => result.status === 'rejected').length).toBeGreaterThanOrEqual(30);
});
