import { expect, test } from '@jest/globals';
import { createLeaseLock } from '../../../../../web/widget/core/lease.js';
import { createStore } from '../../../../../web/widget/core/storage.js';
import { MemoryStorage } from '../support/memory-storage.js';

test('two tabs work one after the other', async () => {
  const store = createStore(new MemoryStorage());
  let inside = 0;
  const work = async (): Promise<void> => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all([createLeaseLock(store, 'lock', 'left')(work), createLeaseLock(store, 'lock', 'right')(work)]);
  expect(store.get('lock')).toBeNull();
});

test('a tab that was closed while it held the lease does not block the others for ever', async () => {
  const store = createStore(new MemoryStorage());
  store.set('lock', `gone|${Date.now() + 300}`);
  const started = Date.now();
  let took = 0;
  await createLeaseLock(
    store,
    'lock',
    'next',
  )(() => {
    took = Date.now() - started;
    return Promise.resolve();
  });
  expect(took).toBeGreaterThanOrEqual(300);
});

test('the lease is given back when the work fails', async () => {
  const store = createStore(new MemoryStorage());
  const lock = createLeaseLock(store, 'lock', 'me');
  await expect(lock(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(store.get('lock')).toBeNull();
});
