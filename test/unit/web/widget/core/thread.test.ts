import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CustomerMessageDto } from '../../../../../src/shared/schemas/message.js';
import { compareReading } from '../../../../../src/shared/thread-order.js';
import {
  applyConversation,
  applyLive,
  applyMessages,
  applySync,
  currentConversation,
  cursorOf,
  EMPTY_THREAD,
  forgetConversation,
  type Thread,
} from '../../../../../web/widget/core/thread.js';
import { buildConversation, buildMessage } from '../support/build.js';

const ids = (thread: Thread): string[] => thread.messages.map((message) => message.id);
const live = (thread: Thread, message: CustomerMessageDto, rev = message.rev): Thread =>
  applyLive(thread, { message, conversation: buildConversation({ rev, version: rev }) });

describe('messages', () => {
  test('stand in reading order, ties by tie key, whatever the order of arrival', () => {
    const a = buildMessage({ id: 'a', orderAt: 2_000, tieKey: 'z' });
    const b = buildMessage({ id: 'b', orderAt: 2_000, tieKey: 'Z' });
    const c = buildMessage({ id: 'c', orderAt: 1_000, tieKey: 'x' });
    expect(ids(applyMessages(EMPTY_THREAD, [a, b, c]))).toEqual(['c', 'b', 'a']);
    expect(ids(applyMessages(applyMessages(EMPTY_THREAD, [b]), [a, c]))).toEqual(['c', 'b', 'a']);
  });

  test('a duplicate changes nothing, not even the identity of the value', () => {
    const message = buildMessage({ id: 'a', rev: 3 });
    const thread = applyMessages(EMPTY_THREAD, [message]);
    expect(applyMessages(thread, [{ ...message }])).toBe(thread);
  });

  test('a higher revision wins and a lower one is ignored, in either order of arrival', () => {
    const old = buildMessage({ id: 'a', rev: 3, text: 'old' });
    const edited = buildMessage({ id: 'a', rev: 5, text: 'new', edited: true });
    expect(applyMessages(EMPTY_THREAD, [old, edited]).messages[0]?.text).toBe('new');
    expect(applyMessages(EMPTY_THREAD, [edited, old]).messages[0]?.text).toBe('new');
    expect(applyMessages(EMPTY_THREAD, [edited, old]).messages).toHaveLength(1);
  });

  test('an equal revision is taken only by a deliberate re-read', () => {
    const before = applyMessages(EMPTY_THREAD, [buildMessage({ id: 'a', rev: 3, text: 'before' })]);
    const again = [buildMessage({ id: 'a', rev: 3, text: 'again' })];
    expect(applyMessages(before, again).messages[0]?.text).toBe('before');
    expect(applyMessages(before, again, { acceptEqual: true }).messages[0]?.text).toBe('again');
  });

  test('an update of a message that was never seen is taken as the message', () => {
    expect(ids(live(EMPTY_THREAD, buildMessage({ id: 'late', rev: 9, edited: true })))).toEqual(['late']);
  });

  test('every order of arrival and any repetition lead to the same thread', () => {
    const versions = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        rev: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    const orderAt: Record<string, number> = { a: 30, b: 10, c: 10, d: 20 };
    const build = ({ id, rev }: { id: string; rev: number }) =>
      buildMessage({ id, rev, orderAt: orderAt[id] ?? 0, text: `${id}${rev}` });
    fc.assert(
      fc.property(versions, fc.infiniteStream(fc.nat()), (list, random) => {
        const messages = list.map(build);
        const shuffled = [...messages, ...messages]
          .map((message) => ({ message, place: random.next().value }))
          .sort((x, y) => x.place - y.place)
          .map(({ message }) => message);
        const together = applyMessages(EMPTY_THREAD, messages);
        const oneByOne = shuffled.reduce((thread, message) => applyMessages(thread, [message]), EMPTY_THREAD);
        expect(oneByOne.messages).toEqual(together.messages);
        expect([...together.messages].sort(compareReading)).toEqual(together.messages);
      }),
    );
  });
});

describe('conversations', () => {
  test('are taken by higher version', () => {
    const newer = applyConversation(EMPTY_THREAD, buildConversation({ version: 5, agentName: 'Marta' }));
    expect(applyConversation(newer, buildConversation({ version: 4, agentName: 'Old' }))).toBe(newer);
    expect(applyConversation(newer, buildConversation({ version: 5, agentName: 'Same' }))).toBe(newer);
    const again = applyConversation(newer, buildConversation({ version: 6, agentName: 'Jo' }));
    expect(currentConversation(again)?.agentName).toBe('Jo');
  });

  test('one that was not known becomes current; a late word on the old one does not take it back', () => {
    const first = applyConversation(EMPTY_THREAD, buildConversation({ id: 'c1', status: 'closed' }));
    const second = applyConversation(first, buildConversation({ id: 'c2' }));
    expect(second.currentId).toBe('c2');
    expect(applyConversation(second, buildConversation({ id: 'c1', version: 9 })).currentId).toBe('c2');
  });

  test('earlier ones stand in only while no other is known', () => {
    const current = applyConversation(EMPTY_THREAD, buildConversation({ id: 'c2' }));
    expect(applyConversation(current, buildConversation({ id: 'c1' }), { current: false }).currentId).toBe('c2');
    const alone = applyConversation(EMPTY_THREAD, buildConversation({ id: 'c1' }), { current: false });
    expect(alone.currentId).toBe('c1');
  });

  test('the server may call a known one current', () => {
    const both = applyConversation(
      applyConversation(EMPTY_THREAD, buildConversation({ id: 'c1' })),
      buildConversation({ id: 'c2' }),
    );
    expect(applyConversation(both, buildConversation({ id: 'c1' }), { current: true }).currentId).toBe('c1');
  });

  test('one that is forgotten leaves with its messages and its cursor', () => {
    const thread = applySync(applyMessages(EMPTY_THREAD, [buildMessage({ id: 'other', conversationId: 'c0' })]), {
      conversation: buildConversation(),
      messages: [buildMessage({ id: 'a' })],
      rev: 7,
      more: false,
    });
    const left = forgetConversation(thread, 'c1');
    expect(ids(left)).toEqual(['other']);
    expect([left.currentId, cursorOf(left, 'c1')]).toEqual([null, 0]);
  });
});

describe('the cursor', () => {
  const sync = (thread: Thread, rev: number, messages: CustomerMessageDto[] = []): Thread =>
    applySync(thread, { conversation: buildConversation({ rev, version: rev }), messages, rev, more: false });

  test('is moved by catch-up and never by live events', () => {
    const caughtUp = sync(EMPTY_THREAD, 4);
    const told = live(caughtUp, buildMessage({ id: 'a', rev: 9 }));
    expect(currentConversation(told)?.version).toBe(9);
    expect(cursorOf(told, 'c1')).toBe(4);
  });

  test('a live event that overtakes another leaves the gap for catch-up to fill', () => {
    const told = live(sync(EMPTY_THREAD, 4), buildMessage({ id: 'b', rev: 6, orderAt: 2_000 }));
    const filled = sync(told, 6, [
      buildMessage({ id: 'a', rev: 5, orderAt: 1_000 }),
      buildMessage({ id: 'b', rev: 6, orderAt: 2_000 }),
    ]);
    expect(ids(filled)).toEqual(['a', 'b']);
    expect(cursorOf(filled, 'c1')).toBe(6);
  });

  test('never moves back, even when answers overtake each other', () => {
    expect(cursorOf(sync(sync(EMPTY_THREAD, 8), 5), 'c1')).toBe(8);
  });

  test('is kept per conversation', () => {
    const thread = applySync(sync(EMPTY_THREAD, 8), {
      conversation: buildConversation({ id: 'c2' }),
      messages: [],
      rev: 2,
      more: false,
    });
    expect([cursorOf(thread, 'c1'), cursorOf(thread, 'c2'), cursorOf(thread, null)]).toEqual([8, 2, 0]);
  });

  test('an answer without a conversation changes nothing', () => {
    const thread = sync(EMPTY_THREAD, 8);
    expect(applySync(thread, { conversation: null, messages: [], rev: 0, more: false })).toBe(thread);
  });
});
