import { describe, expect, test } from '@jest/globals';
import type { OutboxEntry } from '../../../../../web/widget/core/outbox.js';
import { applyConversation, applyMessages, EMPTY_THREAD, type Thread } from '../../../../../web/widget/core/thread.js';
import { buildTimeline, openQuickReplies, type TimelineItem } from '../../../../../web/widget/core/timeline.js';
import { AGENT, buildConversation, buildMessage } from '../support/build.js';

const NOON = new Date(2026, 4, 4, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const entry = (part: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientMessageId: 'w1',
  at: NOON + 10 * MINUTE,
  text: 'waiting',
  attachments: [],
  payload: null,
  replyTo: null,
  error: null,
  ...part,
});

const thread = (messages: Parameters<typeof applyMessages>[1], conversation = buildConversation()): Thread =>
  applyMessages(applyConversation(EMPTY_THREAD, conversation), messages);
const own = (id: string, orderAt: number, part = {}) => buildMessage({ id, orderAt, ...part });
const team = (id: string, orderAt: number, part = {}) => buildMessage({ id, orderAt, sender: AGENT, ...part });

const describeItem = (item: TimelineItem): string => {
  if (item.kind === 'day' || item.kind === 'boundary') return item.kind;
  return `${item.key}${item.first ? '[' : ''}${item.last ? ']' : ''}`;
};
const shape = (...parts: Parameters<typeof buildTimeline>): string[] => buildTimeline(...parts).map(describeItem);

describe('timeline', () => {
  test('groups what one sender wrote in a row', () => {
    const messages = [
      team('a', NOON),
      team('b', NOON + MINUTE),
      own('c', NOON + 2 * MINUTE),
      team('d', NOON + 3 * MINUTE),
    ];
    expect(shape(thread(messages), [])).toEqual(['day', 'a[', 'b]', 'c[]', 'd[]']);
  });

  test('a long pause and another day end a run', () => {
    const messages = [own('a', NOON), own('b', NOON + 6 * MINUTE), own('c', NOON + DAY)];
    expect(shape(thread(messages), [])).toEqual(['day', 'a[]', 'b[]', 'day', 'c[]']);
  });

  test('marks where a new conversation begins', () => {
    const messages = [own('a', NOON), own('b', NOON + MINUTE, { conversationId: 'c2' })];
    expect(shape(thread(messages), [])).toEqual(['day', 'a[]', 'boundary', 'b[]']);
  });

  test('messages that wait stand at the end, in their order, and join the run', () => {
    const waiting = [entry({ at: NOON + MINUTE }), entry({ clientMessageId: 'w2', at: NOON + MINUTE + 1 })];
    expect(shape(thread([own('a', NOON)]), waiting)).toEqual(['day', 'a[', 'w1', 'w2]']);
  });

  test('one that has arrived is shown once, under the key that it had while it waited', () => {
    const messages = [own('a', NOON, { clientMessageId: 'w1' })];
    expect(shape(thread(messages), [entry()])).toEqual(['day', 'w1[]']);
  });

  test('a removed copy is not shown, and no older copy of it comes back', () => {
    const removed = thread([team('a', NOON), team('b', NOON + 1, { rev: 5, removed: true })]);
    expect(shape(applyMessages(removed, [team('b', NOON + 1, { rev: 4 })]), [])).toEqual(['day', 'a[]']);
  });

  test('ticks: sending, failed, stored, read', () => {
    const read = thread(
      [own('a', NOON), own('b', NOON + MINUTE), team('c', NOON)],
      buildConversation({ teamReadUpTo: NOON }),
    );
    const waiting = [entry(), entry({ clientMessageId: 'w2', at: NOON + 11 * MINUTE, error: 'No' })];
    const ticks = buildTimeline(read, waiting).map((item) => ('tick' in item ? [item.key, item.tick] : []));
    expect(Object.fromEntries(ticks.filter((pair) => pair.length > 0))).toEqual({
      a: 'read',
      b: 'sent',
      c: null,
      w1: 'sending',
      w2: 'failed',
    });
  });
});

describe('quick replies', () => {
  const choices = [{ title: 'Yes', payload: 'YES' }];
  const offered = team('a', NOON, { quickReplies: choices });

  test('are open while nobody has written since', () => {
    expect(openQuickReplies(thread([offered]), [])).toEqual(choices);
    expect(openQuickReplies(thread([offered, team('b', NOON + 1)]), [])).toEqual([]);
    expect(openQuickReplies(thread([offered, own('b', NOON + 1)]), [])).toEqual([]);
    expect(openQuickReplies(thread([offered]), [entry()])).toEqual([]);
  });

  test('are gone with their message and with the conversation', () => {
    expect(openQuickReplies(thread([{ ...offered, unsent: true }]), [])).toEqual([]);
    expect(openQuickReplies(thread([{ ...offered, removed: true }]), [])).toEqual([]);
    expect(openQuickReplies(thread([offered], buildConversation({ status: 'closed' })), [])).toEqual([]);
    expect(openQuickReplies(EMPTY_THREAD, [])).toEqual([]);
  });
});
