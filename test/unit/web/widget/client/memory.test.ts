import { expect, test } from '@jest/globals';
import { VisitorMemory } from '../../../../../web/widget/client/memory.js';
import { createStore } from '../../../../../web/widget/core/storage.js';
import { MemoryStorage } from '../support/memory-storage.js';

const build = (storage = new MemoryStorage()) => new VisitorMemory(createStore(storage), 'key');

test('remembers the newest conversations in the order of getting to know them', () => {
  const storage = new MemoryStorage();
  const memory = build(storage);
  memory.belongTo('ada');
  memory.remember(['c1', 'c2']);
  memory.remember(['c2', 'c1', 'c3', 'c4', 'c5', 'c6']);
  expect(build(storage).conversationIds).toEqual(['c2', 'c3', 'c4', 'c5', 'c6']);
  memory.forget('c3');
  expect(build(storage).conversationIds).toEqual(['c2', 'c4', 'c5', 'c6']);
});

test('the read mark only rises', () => {
  const memory = build();
  memory.readUpTo = 20;
  memory.readUpTo = 10;
  expect(memory.readUpTo).toBe(20);
});

test('another visitor starts with nothing; the same one keeps everything', () => {
  const memory = build();
  memory.belongTo('ada');
  memory.remember(['c1']);
  memory.readUpTo = 20;
  memory.belongTo('ada');
  expect([memory.conversationIds, memory.readUpTo]).toEqual([['c1'], 20]);
  memory.belongTo('bob');
  expect([memory.contactId, memory.conversationIds, memory.readUpTo]).toEqual(['bob', [], 0]);
});

test('damaged values count as none', () => {
  const storage = new MemoryStorage();
  storage.setItem('switchboard:key:history', '{"contactId":1}');
  storage.setItem('switchboard:key:read', 'soon');
  const memory = build(storage);
  expect([memory.contactId, memory.conversationIds, memory.readUpTo]).toEqual([null, [], 0]);
});
