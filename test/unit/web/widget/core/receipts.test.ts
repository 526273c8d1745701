import { describe, expect, test } from '@jest/globals';
import { countUnread, lastTeamOrderAt, ReceiptLog } from '../../../../../web/widget/core/receipts.js';
import { AGENT, buildMessage } from '../support/build.js';

const team = (id: string, orderAt: number, part = {}) => buildMessage({ id, orderAt, sender: AGENT, ...part });
const own = (id: string, orderAt: number) => buildMessage({ id, orderAt });

test('the last message of the team is found per conversation; the visitor’s own do not count', () => {
  const messages = [team('a', 10), team('b', 20, { conversationId: 'c2' }), own('c', 30)];
  expect(lastTeamOrderAt(messages)).toBe(20);
  expect(lastTeamOrderAt(messages, 'c1')).toBe(10);
  expect(lastTeamOrderAt([own('c', 30)])).toBe(0);
});

describe('unread', () => {
  test('counts what came after the watermark', () => {
    expect(countUnread([team('a', 10), team('b', 20), team('c', 30)], 10)).toBe(2);
    expect(countUnread([team('a', 10)], 10)).toBe(0);
  });

  test('whoever has answered has read what stood above', () => {
    expect(countUnread([team('a', 10), own('b', 20), team('c', 30)], 0)).toBe(1);
  });

  test('what was taken back or removed is not waited for', () => {
    expect(countUnread([team('a', 10, { unsent: true }), team('b', 20), team('c', 30, { removed: true })], 0)).toBe(1);
  });
});

describe('receipt log', () => {
  const messages = [team('a', 10), team('b', 20), own('c', 30)];

  test('tells delivery at once and reading as far as it went', () => {
    const log = new ReceiptLog();
    expect(log.due('c1', messages, 0)).toEqual({ conversationId: 'c1', deliveredUpTo: 20 });
    expect(log.due('c1', messages, 10)).toEqual({ conversationId: 'c1', deliveredUpTo: 20, readUpTo: 10 });
  });

  test('stays due until it is confirmed, and is not told again after that', () => {
    const log = new ReceiptLog();
    const first = log.due('c1', messages, 20);
    expect(log.due('c1', messages, 20)).toEqual(first);
    if (first !== null) log.confirm(first);
    expect(log.due('c1', messages, 20)).toBeNull();
    expect(log.due('c1', messages, 10)).toBeNull();
  });

  test('an older confirmation does not lower what is known', () => {
    const log = new ReceiptLog();
    log.confirm({ conversationId: 'c1', deliveredUpTo: 20, readUpTo: 20 });
    log.confirm({ conversationId: 'c1', deliveredUpTo: 10, readUpTo: 10 });
    expect(log.due('c1', messages, 20)).toBeNull();
  });

  test('never claims to have read more than has arrived, nor anything where nothing came', () => {
    expect(new ReceiptLog().due('c1', messages, 99)).toMatchObject({ readUpTo: 20 });
    expect(new ReceiptLog().due('c1', [own('c', 30)], 99)).toBeNull();
  });
});
