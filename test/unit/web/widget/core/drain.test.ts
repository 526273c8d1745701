import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { drain, Sender, type SenderLock, type SendOutcome } from '../../../../../web/widget/core/drain.js';
import { Outbox, type OutboxEntry } from '../../../../../web/widget/core/outbox.js';
import { createStore } from '../../../../../web/widget/core/storage.js';
import { MemoryStorage } from '../support/memory-storage.js';
import { until } from '../../../../support/until.js';

const later = (waitMs = 0): SendOutcome => ({ kind: 'later', waitMs });
const refused: SendOutcome = { kind: 'refused', reason: 'No' };
const stored: SendOutcome = { kind: 'stored' };

let outbox: Outbox;
let sent: string[];

beforeEach(() => {
  let made = 0;
  outbox = new Outbox(createStore(new MemoryStorage()), 'out:', () => `id${++made}`);
  sent = [];
});

const add = (...texts: string[]): OutboxEntry[] =>
  texts.map((text) => outbox.add({ text, attachments: [], payload: null, replyTo: null }));
const note = (entry: OutboxEntry): void => void sent.push(entry.text ?? '');
const left = (): (string | null)[] => outbox.list().map((entry) => entry.text);

describe('drain', () => {
  test('sends the next only after the last was confirmed', async () => {
    add('one', 'two', 'three');
    let underWay = 0;
    const result = await drain(outbox, async (entry) => {
      expect(++underWay).toBe(1);
      note(entry);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return stored;
    });
    expect(result).toEqual({ kind: 'empty' });
    expect(sent).toEqual(['one', 'two', 'three']);
    expect(left()).toEqual([]);
  });

  test('what has to be tried later holds back what follows, and keeps its id and its place', async () => {
    const [first] = add('one', 'two');
    expect(await drain(outbox, () => Promise.resolve(later(700)))).toEqual(later(700));
    expect(outbox.next()).toEqual(first);
    const ids: string[] = [];
    await drain(outbox, (entry) => {
      ids.push(entry.clientMessageId);
      return Promise.resolve(stored);
    });
    expect(ids).toEqual(['id1', 'id2']);
  });

  test('what was refused for good lets the next one pass and stays for the visitor', async () => {
    add('bad', 'good');
    await drain(outbox, (entry) => {
      note(entry);
      return Promise.resolve(entry.text === 'bad' ? refused : stored);
    });
    expect(sent).toEqual(['bad', 'good']);
    expect(outbox.list()).toMatchObject([{ text: 'bad', error: 'No' }]);
  });

  test('takes in what is written while it runs', async () => {
    add('one');
    await drain(outbox, (entry) => {
      note(entry);
      if (entry.text === 'one') add('two');
      return Promise.resolve(stored);
    });
    expect(sent).toEqual(['one', 'two']);
  });
});

describe('sender', () => {
  const alone: SenderLock = (work) => work();
  const build = (send: (entry: OutboxEntry) => Promise<SendOutcome>, ready = () => true, lock = alone): Sender =>
    new Sender({ outbox, lock, send, ready, onChange: () => undefined });
  const accept = (entry: OutboxEntry): Promise<SendOutcome> => {
    note(entry);
    return Promise.resolve(stored);
  };

  test('does nothing while it is not ready, and everything once it is', async () => {
    let ready = false;
    const sender = build(accept, () => ready);
    add('one', 'two');
    sender.wake();
    expect(sent).toEqual([]);
    ready = true;
    sender.wake();
    await until(() => left().length === 0);
    expect(sent).toEqual(['one', 'two']);
    sender.stop();
  });

  test('never runs twice at once, however often it is woken', async () => {
    let underWay = 0;
    const sender = build(async (entry) => {
      expect(++underWay).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return accept(entry);
    });
    add('one', 'two', 'three');
    for (let n = 0; n < 5; n++) sender.wake();
    await until(() => left().length === 0);
    expect(sent).toEqual(['one', 'two', 'three']);
    sender.stop();
  });

  test('tries again by itself after the wait', async () => {
    jest.useFakeTimers();
    try {
      const outcomes = [later(500), stored];
      const sender = build((entry) => {
        note(entry);
        return Promise.resolve(outcomes.shift() ?? stored);
      });
      add('one');
      sender.wake();
      await jest.advanceTimersByTimeAsync(499);
      expect(sent).toEqual(['one']);
      await jest.advanceTimersByTimeAsync(2);
      expect(sent).toEqual(['one', 'one']);
      expect(left()).toEqual([]);
      sender.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  test('a wait that the server asked for is not shortened by being woken, and keeps the entry', async () => {
    jest.useFakeTimers();
    try {
      const outcomes: SendOutcome[] = [{ kind: 'later', waitMs: 5_000, asked: true }, stored];
      const sender = build((entry) => {
        note(entry);
        return Promise.resolve(outcomes.shift() ?? stored);
      });
      add('one');
      sender.wake();
      await jest.advanceTimersByTimeAsync(1);
      add('two');
      sender.wake();
      await jest.advanceTimersByTimeAsync(4_990);
      expect(sent).toEqual(['one']);
      await jest.advanceTimersByTimeAsync(20);
      expect(sent).toEqual(['one', 'one', 'two']);
      expect(left()).toEqual([]);
      sender.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  test('being woken while an attempt fails leads to another attempt', async () => {
    let connected = true;
    const sender = build(
      (entry) => {
        note(entry);
        if (sent.length > 1) return Promise.resolve(stored);
        connected = false;
        setImmediate(() => {
          connected = true;
          sender.wake();
        });
        return new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(later()))));
      },
      () => connected,
    );
    add('one');
    sender.wake();
    await until(() => left().length === 0);
    expect(sent).toEqual(['one', 'one']);
    sender.stop();
  });

  test('two tabs with one lock send everything once and in order', async () => {
    let queue: Promise<void> = Promise.resolve();
    const lock: SenderLock = (work) => (queue = queue.then(work));
    const slow = async (entry: OutboxEntry): Promise<SendOutcome> => {
      await new Promise((resolve) => setImmediate(resolve));
      return accept(entry);
    };
    const [left1, right1] = [build(slow, undefined, lock), build(slow, undefined, lock)];
    add('one', 'two', 'three', 'four');
    left1.wake();
    right1.wake();
    await until(() => left().length === 0);
    await queue;
    expect(sent).toEqual(['one', 'two', 'three', 'four']);
    left1.stop();
    right1.stop();
  });

  test('sends nothing more once it is stopped', async () => {
    const sender = build(accept);
    add('one');
    sender.stop();
    sender.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([]);
  });
});
