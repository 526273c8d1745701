import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutboxItem, SendOutcome } from '../../../../../web/inbox/logic/outbox.js';
import { OutboxRunner } from '../../../../../web/inbox/stores/outbox-runner.js';
import { buildMessage, buildOutboxItem, HandClock, MemoryStorage, settle } from '../builders.js';

const LATER: SendOutcome = { kind: 'later', afterMs: null };

describe('OutboxRunner', () => {
  let clock: HandClock;
  let storage: MemoryStorage;
  let tried: { item: OutboxItem; settle: (outcome: SendOutcome) => void }[];
  let sent: string[];
  let runner: OutboxRunner;

  const newRunner = (): OutboxRunner =>
    new OutboxRunner(
      {
        send: (item) => new Promise((resolve) => tried.push({ item, settle: resolve })),
        onSent: (message) => sent.push(message.id),
        storage,
        now: () => clock.now,
        schedule: clock.schedule,
      },
      'u1',
    );

  beforeEach(() => {
    clock = new HandClock();
    storage = new MemoryStorage();
    tried = [];
    sent = [];
    runner = newRunner();
    runner.start();
  });

  const ids = (): string[] => tried.map(({ item }) => item.id);
  const answer = async (index: number, outcome: SendOutcome): Promise<void> => {
    tried[index]?.settle(outcome);
    await settle();
  };
  const accept = (index: number): Promise<void> => answer(index, { kind: 'sent', message: buildMessage(`m${index}`) });

  it('sends the next message of a conversation only when the last is acknowledged', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    runner.add(buildOutboxItem('other', { conversationId: 'c2' }));
    expect(ids()).toEqual(['a', 'other']);
    await accept(0);
    expect(ids()).toEqual(['a', 'other', 'b']);
    expect(sent).toEqual(['m0']);
  });

  it('keeps order and id over failures', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    await answer(0, LATER);
    await clock.pass(999);
    expect(ids()).toEqual(['a']);
    await clock.pass(1);
    expect(ids()).toEqual(['a', 'a']);
    await accept(1);
    expect(ids()).toEqual(['a', 'a', 'b']);
  });

  it('tries at once when the connection is back', async () => {
    runner.add(buildOutboxItem('a'));
    await answer(0, { kind: 'later', afterMs: 60_000 });
    runner.hurry();
    expect(ids()).toEqual(['a', 'a']);
  });

  it('keeps the wait that the server asked for, whatever the connection does', async () => {
    runner.add(buildOutboxItem('a'));
    await answer(0, { kind: 'later', afterMs: 60_000, asked: true });
    runner.hurry();
    await clock.pass(59_999);
    expect(ids()).toEqual(['a']);
    await clock.pass(1);
    expect(ids()).toEqual(['a', 'a']);
  });

  it('does not send twice at once when hurried during a request', () => {
    runner.add(buildOutboxItem('a'));
    runner.hurry();
    expect(ids()).toEqual(['a']);
  });

  it('holds the conversation until a stale message is decided', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    await answer(0, { kind: 'stale' });
    expect(ids()).toEqual(['a']);
    runner.force('a');
    expect(tried[1]?.item).toMatchObject({ id: 'a', force: true });
  });

  it('gives a stale message back for editing and goes on with the next', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    await answer(0, { kind: 'stale' });
    expect(runner.discard('a')?.text).toBe('Text of a');
    expect(ids()).toEqual(['a', 'b']);
  });

  it('keeps a refused message for the reader and lets the next pass', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    const error = { code: 'WINDOW_CLOSED', message: 'Too late.' };
    await answer(0, { kind: 'refused', error });
    expect(ids()).toEqual(['a', 'b']);
    expect(runner.items.get()[0]).toMatchObject({ id: 'a', state: 'refused', error });
    await accept(1);
    runner.retry('a');
    expect(ids()).toEqual(['a', 'b', 'a']);
  });

  it('does not take back a message that may be arriving', () => {
    runner.add(buildOutboxItem('a'));
    expect(runner.discard('a')).toBeNull();
    expect(runner.items.get()).toHaveLength(1);
  });

  it('drops a message that arrived by another way', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    runner.arrived('a');
    expect(ids()).toEqual(['a', 'b']);
    await accept(0);
    expect(runner.items.get().map(({ id }) => id)).toEqual(['b']);
  });

  it('tells of a sent message before it leaves the outbox', async () => {
    const seen: number[] = [];
    runner = new OutboxRunner(
      {
        send: () => Promise.resolve({ kind: 'sent', message: buildMessage('m') }),
        onSent: () => seen.push(runner.items.get().length),
        storage,
        now: () => 0,
        schedule: clock.schedule,
      },
      'u1',
    );
    runner.start();
    runner.add(buildOutboxItem('a'));
    await settle();
    expect(seen).toEqual([1]);
    expect(runner.items.get()).toEqual([]);
  });

  it('goes on after a reload, in order and under the same ids', async () => {
    runner.add(buildOutboxItem('a'));
    runner.add(buildOutboxItem('b'));
    runner.stop();
    tried = [];
    runner = newRunner();
    expect(ids()).toEqual([]);
    runner.start();
    expect(ids()).toEqual(['a']);
    await accept(0);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('leaves nothing behind when all is sent or cleared', async () => {
    runner.add(buildOutboxItem('a'));
    await accept(0);
    expect(storage.getItem('switchboard.outbox.u1')).toBeNull();
    runner.add(buildOutboxItem('b'));
    runner.clear();
    expect(storage.getItem('switchboard.outbox.u1')).toBeNull();
  });

  it('ignores what is not an outbox in the storage', () => {
    storage.setItem('switchboard.outbox.u1', '[{"id":1},{"nonsense":true}]');
    expect(newRunner().items.get()).toEqual([]);
    storage.setItem('switchboard.outbox.u1', '{broken');
    expect(newRunner().items.get()).toEqual([]);
  });

  it('sends nothing before it is started or after it is stopped', async () => {
    runner.stop();
    runner.add(buildOutboxItem('a'));
    expect(ids()).toEqual([]);
    runner.start();
    expect(ids()).toEqual(['a']);
    runner.stop();
    await accept(0);
    expect(sent).toEqual([]);
  });
});
