import { describe, expect, it } from '@jest/globals';
import {
  dueItems,
  hurryItems,
  nextDueAt,
  onTheWay,
  restoreItems,
  settleItem,
  toSendInput,
  updateItem,
  type OutboxItem,
} from '../../../../../web/inbox/logic/outbox.js';
import { buildAttachment, buildMessage, buildOutboxItem } from '../builders.js';

const ids = (items: readonly OutboxItem[]): string[] => items.map(({ id }) => id);

describe('dueItems', () => {
  it('lets one message of each conversation go at a time', () => {
    const items = [buildOutboxItem('a1'), buildOutboxItem('a2'), buildOutboxItem('b1', { conversationId: 'c2' })];
    expect(ids(dueItems(items, 0))).toEqual(['a1', 'b1']);
    expect(ids(dueItems(updateItem(items, 'a1', { state: 'sending' }), 0))).toEqual(['b1']);
  });

  it('waits behind a message that needs a decision, passes one that was refused', () => {
    const stale = [buildOutboxItem('a1', { state: 'stale' }), buildOutboxItem('a2')];
    expect(dueItems(stale, 0)).toEqual([]);
    const refused = [buildOutboxItem('a1', { state: 'refused' }), buildOutboxItem('a2')];
    expect(ids(dueItems(refused, 0))).toEqual(['a2']);
  });

  it('does not let a later message overtake one that waits for its time', () => {
    const items = [buildOutboxItem('a1', { notBefore: 50 }), buildOutboxItem('a2')];
    expect(dueItems(items, 49)).toEqual([]);
    expect(nextDueAt(items)).toBe(50);
    expect(ids(dueItems(items, 50))).toEqual(['a1']);
  });

  it('knows of no time when nothing waits', () => {
    expect(nextDueAt([buildOutboxItem('a', { state: 'sending' })])).toBeNull();
  });
});

describe('settleItem', () => {
  const items = [buildOutboxItem('a', { state: 'sending' }), buildOutboxItem('b')];

  it('drops what was sent', () => {
    expect(ids(settleItem(items, 'a', { kind: 'sent', message: buildMessage('m') }, 0))).toEqual(['b']);
  });

  it('tries again ever more slowly, up to half a minute', () => {
    let held = items;
    const delays = Array.from({ length: 7 }, () => {
      held = settleItem(held, 'a', { kind: 'later', afterMs: null }, 1_000);
      return (held[0]?.notBefore ?? 0) - 1_000;
    });
    expect(delays).toEqual([1_000, 2_000, 5_000, 10_000, 30_000, 30_000, 30_000]);
    expect(held[0]).toMatchObject({ state: 'waiting', tries: 7 });
  });

  it('waits as long as the server asks', () => {
    expect(settleItem(items, 'a', { kind: 'later', afterMs: 9_000 }, 1_000)[0]?.notBefore).toBe(10_000);
  });

  it('keeps what was refused or needs a decision', () => {
    expect(settleItem(items, 'a', { kind: 'stale' }, 0)[0]?.state).toBe('stale');
    const error = { code: 'FORBIDDEN', message: 'No.' };
    expect(settleItem(items, 'a', { kind: 'refused', error }, 0)[0]).toMatchObject({ state: 'refused', error });
  });

  it('leaves everything alone when the item is gone', () => {
    expect(settleItem(items, 'z', { kind: 'stale' }, 0)).toBe(items);
  });
});

describe('coming back', () => {
  it('hurries what waits for its time', () => {
    const hurried = hurryItems([buildOutboxItem('a', { notBefore: 99 }), buildOutboxItem('b', { state: 'refused' })]);
    expect(hurried.map(({ notBefore, state }) => [notBefore, state])).toEqual([
      [0, 'waiting'],
      [0, 'refused'],
    ]);
  });

  it('sends again after a reload what had no answer, and counts it as on its way', () => {
    const restored = restoreItems([
      buildOutboxItem('a', { state: 'sending' }),
      buildOutboxItem('b', { state: 'stale' }),
    ]);
    expect(restored.map(({ state }) => state)).toEqual(['waiting', 'stale']);
    expect(onTheWay(restored)).toBe(1);
  });
});

describe('toSendInput', () => {
  it('names what was seen, and sends no empty fields', () => {
    expect(toSendInput(buildOutboxItem('a', { text: 'Hi', lastSeenRev: 7 }))).toEqual({
      conversationId: 'c1',
      clientMessageId: 'a',
      text: 'Hi',
      lastSeenRev: 7,
    });
  });

  it('carries files, a quoted message and the decision to send anyway', () => {
    const item = buildOutboxItem('a', {
      text: '',
      attachments: [buildAttachment('f1')],
      replyTo: { messageId: 'm9', preview: 'Which?' },
      force: true,
    });
    expect(toSendInput(item)).toEqual({
      conversationId: 'c1',
      clientMessageId: 'a',
      attachmentIds: ['f1'],
      replyToMessageId: 'm9',
      lastSeenRev: 1,
      force: true,
    });
  });

  it('never lets a note be stale', () => {
    expect(toSendInput(buildOutboxItem('a', { note: true }))).not.toHaveProperty('lastSeenRev');
  });
});
