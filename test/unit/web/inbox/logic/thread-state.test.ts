import { describe, expect, it } from '@jest/globals';
import type { MessageDto } from '../../../../../src/shared/schemas/message.js';
import {
  answerSince,
  applyLive,
  applyThreadSync,
  lastContactSeq,
  openThread,
  prependPage,
  refreshThread,
  visibleMessages,
  type ThreadState,
} from '../../../../../web/inbox/logic/thread-state.js';
import { buildConversation, buildMessage, buildRow } from '../builders.js';

const texts = (messages: readonly MessageDto[]): (string | null)[] => messages.map(({ text }) => text);
const ids = (messages: readonly MessageDto[]): string[] => messages.map(({ id }) => id);

function opened(change: Partial<ThreadState> = {}): ThreadState {
  const page = { items: [buildMessage('a', { rev: 1 }), buildMessage('b', { rev: 2 })], cursor: null, rev: 2 };
  return { ...openThread(buildRow('c1', { rev: 2, version: 2 }), page), ...change };
}

const sync = (messages: MessageDto[], rev: number) => ({
  conversation: buildRow('c1', { rev, version: rev }),
  messages,
  rev,
  more: false,
});

describe('the catch-up cursor', () => {
  it('starts with the revision of the opening page', () => {
    expect(opened().rev).toBe(2);
  });

  it('is not moved by live events, so that what was missed before them is still asked for', () => {
    const live = {
      conversation: buildConversation('c1', { rev: 9, version: 9 }),
      message: buildMessage('d', { rev: 9 }),
    };
    const state = applyLive(opened(), live);
    expect(state.rev).toBe(2);
    expect(state.conversation.rev).toBe(9);
    const caughtUp = applyThreadSync(state, sync([buildMessage('c', { rev: 8 })], 9));
    expect(ids(visibleMessages(caughtUp))).toEqual(['a', 'b', 'c', 'd']);
    expect(caughtUp.rev).toBe(9);
  });

  it('is not moved by older pages or a re-read newest page', () => {
    const page = { items: [buildMessage('b', { rev: 2 })], cursor: null, rev: 7 };
    expect(prependPage(opened(), page).rev).toBe(2);
    expect(refreshThread(opened(), buildRow('c1'), page).rev).toBe(2);
  });

  it('never moves back when an older answer comes last', () => {
    const state = applyThreadSync(applyThreadSync(opened(), sync([], 8)), sync([], 5));
    expect(state.rev).toBe(8);
  });
});

describe('applyThreadSync', () => {
  it('keeps a live copy that is newer than the answer', () => {
    const state = applyLive(opened(), { message: buildMessage('b', { rev: 6, text: 'newer' }) });
    const answered = applyThreadSync(state, sync([buildMessage('b', { rev: 5, text: 'older' })], 6));
    expect(texts(visibleMessages(answered))).toEqual(['Text of a', 'newer']);
  });

  it('takes the conversation by higher version and never lowers what was read', () => {
    const held = opened({ conversation: buildRow('c1', { version: 5, status: 'pending', readCount: 4 }) });
    const stale = { ...sync([], 3), conversation: buildRow('c1', { version: 3, status: 'open', readCount: 1 }) };
    expect(applyThreadSync(held, stale).conversation).toMatchObject({ version: 5, status: 'pending', readCount: 4 });
    const fresh = { ...sync([], 6), conversation: buildRow('c1', { version: 6, status: 'resolved', readCount: 1 }) };
    expect(applyThreadSync(held, fresh).conversation).toMatchObject({ version: 6, status: 'resolved', readCount: 4 });
  });
});

describe('history that is not loaded yet', () => {
  const paged = (): ThreadState => {
    const items = [buildMessage('x', { rev: 10 }), buildMessage('y', { rev: 11 })];
    return openThread(buildRow('c1'), { items, cursor: 'older', rev: 11 });
  };

  it('hides a changed message from before the loaded history, because what lies between is missing', () => {
    const state = applyThreadSync(paged(), sync([buildMessage('old', { rev: 12, orderAt: 500, text: 'edited' })], 12));
    expect(ids(visibleMessages(state))).toEqual(['x', 'y']);
  });

  it('shows the newer copy once its page is loaded, even if the page was read earlier', () => {
    const state = applyLive(paged(), { message: buildMessage('old', { rev: 12, orderAt: 500, text: 'edited' }) });
    const page = { items: [buildMessage('old', { rev: 3, orderAt: 500, text: 'as written' })], cursor: null, rev: 11 };
    expect(texts(visibleMessages(prependPage(state, page)))[0]).toBe('edited');
  });

  it('goes on page by page to the first message', () => {
    const middle = prependPage(paged(), { items: [buildMessage('w', { rev: 9 })], cursor: 'more', rev: 11 });
    expect(middle.olderCursor).toBe('more');
    expect(ids(visibleMessages(middle))).toEqual(['w', 'x', 'y']);
    const whole = prependPage(middle, { items: [buildMessage('v', { rev: 8 })], cursor: null, rev: 11 });
    expect(whole.floor).toBeNull();
    expect(ids(visibleMessages(whole))).toEqual(['v', 'w', 'x', 'y']);
  });
});

describe('refreshThread', () => {
  it('starts over when the newest page no longer touches what is held', () => {
    const far = { items: [buildMessage('q', { rev: 90 })], cursor: 'older', rev: 95 };
    const state = refreshThread(opened(), buildRow('c1', { version: 95 }), far);
    expect(ids(visibleMessages(state))).toEqual(['q']);
    expect(state.rev).toBe(95);
  });

  it('merges when it touches', () => {
    const near = { items: [buildMessage('b', { rev: 2 }), buildMessage('c', { rev: 3 })], cursor: 'older', rev: 3 };
    expect(ids(visibleMessages(refreshThread(opened(), buildRow('c1'), near)))).toEqual(['a', 'b', 'c']);
  });
});

describe('reading a thread', () => {
  it('shows no message that turned out to be a second copy', () => {
    const copy = buildMessage('copy', { rev: 5 });
    const state = applyLive(opened(), { message: copy });
    expect(ids(visibleMessages(state))).toContain('copy');
    expect(ids(visibleMessages(applyLive(state, { message: { ...copy, rev: 6, removed: true } })))).toEqual(['a', 'b']);
  });

  it('names the last revision of the contact, for read marks', () => {
    const ours = buildMessage('o', { seq: 9, sender: { type: 'agent', id: 'u1', name: 'Ida' } });
    expect(lastContactSeq([buildMessage('a', { seq: 4 }), ours])).toBe(4);
    expect(lastContactSeq([ours])).toBe(0);
  });

  it('finds the answer that made a draft stale: somebody else, to the customer, after the revision', () => {
    const by = (id: string, seq: number, senderId: string, kind: MessageDto['kind'] = 'message') =>
      buildMessage(id, { seq, kind, sender: { type: 'agent', id: senderId, name: senderId } });
    const state = opened({
      messages: [by('before', 2, 'u2'), by('own', 4, 'u1'), by('note', 5, 'u2', 'note'), by('answer', 6, 'u2')],
    });
    expect(answerSince(state, 3, 'u1')?.id).toBe('answer');
    expect(answerSince(state, 6, 'u1')).toBeNull();
  });
});
