import { beforeEach, describe, expect, test } from '@jest/globals';
import { Outbox, type Draft } from '../../../../../web/widget/core/outbox.js';
import { createStore } from '../../../../../web/widget/core/storage.js';
import { MemoryStorage } from '../support/memory-storage.js';

const PREFIX = 'switchboard:key:out:';
const draft = (text: string): Draft => ({ text, attachments: [], payload: null, replyTo: null });

describe('outbox', () => {
  let storage: MemoryStorage;
  let now = 1_000;
  let made = 0;
  const tab = (): Outbox =>
    new Outbox(
      createStore(storage),
      PREFIX,
      () => `id${++made}`,
      () => now,
    );
  const texts = (outbox: Outbox): (string | null)[] => outbox.list().map((entry) => entry.text);

  beforeEach(() => {
    storage = new MemoryStorage();
    now = 1_000;
    made = 0;
  });

  test('keeps the order of writing, even within one millisecond', () => {
    const outbox = tab();
    for (const text of ['one', 'two', 'three']) outbox.add(draft(text));
    expect(texts(outbox)).toEqual(['one', 'two', 'three']);
  });

  test('keeps the order when the clock is set back', () => {
    const outbox = tab();
    outbox.add(draft('one'));
    now = 10;
    outbox.add(draft('two'));
    expect(texts(outbox)).toEqual(['one', 'two']);
  });

  test('survives a reload and is shared by tabs, without one overwriting the other', () => {
    const [left, right] = [tab(), tab()];
    left.add(draft('left'));
    right.add(draft('right'));
    left.add(draft('left again'));
    expect(texts(tab())).toEqual(['left', 'right', 'left again']);
    right.remove('id1');
    expect(texts(left)).toEqual(['right', 'left again']);
  });

  test('a refused message is passed over until it is sent again, under the same id', () => {
    const outbox = tab();
    const first = outbox.add(draft('first'));
    outbox.add(draft('second'));
    outbox.fail(first.clientMessageId, 'Not possible');
    expect(outbox.next()?.text).toBe('second');
    expect(outbox.list()[0]).toMatchObject({ error: 'Not possible', text: 'first' });
    outbox.retry(first.clientMessageId);
    expect(outbox.next()).toEqual(first);
  });

  test('a message that was discarded meanwhile does not come back when it is refused', () => {
    const outbox = tab();
    const { clientMessageId } = outbox.add(draft('gone'));
    tab().remove(clientMessageId);
    outbox.fail(clientMessageId, 'late');
    expect(outbox.list()).toEqual([]);
  });

  test('damaged entries are left out', () => {
    storage.setItem(`${PREFIX}x`, '{"clientMessageId":');
    storage.setItem(`${PREFIX}y`, '{"at":1}');
    storage.setItem('switchboard:other:out:z', '{"clientMessageId":"z","at":1}');
    const outbox = tab();
    outbox.add(draft('good'));
    expect(texts(outbox)).toEqual(['good']);
  });

  test('goes on in memory when the storage is full, and holds nothing twice', () => {
    const outbox = tab();
    outbox.add(draft('stored'));
    storage.full = true;
    const second = outbox.add(draft('kept'));
    expect(texts(outbox)).toEqual(['stored', 'kept']);
    storage.full = false;
    outbox.fail(second.clientMessageId, 'no');
    expect(texts(tab())).toEqual(['stored', 'kept']);
  });
});
