import { expect, test } from '@jest/globals';
import { createStore, storageKeys, type StorageLike } from '../../../../../web/widget/core/storage.js';
import { MemoryStorage } from '../support/memory-storage.js';

const BLOCKED: StorageLike = {
  get length(): number {
    throw new Error('denied');
  },
  key: () => {
    throw new Error('denied');
  },
  getItem: () => {
    throw new Error('denied');
  },
  setItem: () => {
    throw new Error('denied');
  },
  removeItem: () => {
    throw new Error('denied');
  },
};

test.each([
  ['a storage', new MemoryStorage()],
  ['no storage', null],
  ['a blocked storage', BLOCKED],
])('works with %s', (_name, storage) => {
  const store = createStore(storage);
  store.set('a:1', 'one');
  store.set('a:2', 'two');
  store.set('b:1', 'other');
  expect(store.get('a:1')).toBe('one');
  expect(store.keys('a:').sort()).toEqual(['a:1', 'a:2']);
  store.remove('a:1');
  expect(store.get('a:1')).toBeNull();
  expect(store.keys('a:')).toEqual(['a:2']);
});

test('a value that could not be stored hides the older stored one until storing works again', () => {
  const storage = new MemoryStorage();
  const store = createStore(storage);
  store.set('key', 'old');
  storage.full = true;
  store.set('key', 'new');
  expect(store.get('key')).toBe('new');
  storage.full = false;
  store.set('key', 'newest');
  expect([store.get('key'), storage.getItem('key')]).toEqual(['newest', 'newest']);
});

test('two inboxes on one site share nothing', () => {
  const [one, two] = [storageKeys('one'), storageKeys('two')];
  expect(Object.values(one).filter((key) => Object.values(two).includes(key))).toEqual([]);
});
