import { describe, expect, it } from '@jest/globals';
import { CONVERSATION_STATUSES, canTransition } from '../../../../../src/shared/conversation-status.js';
import type { InboxDto } from '../../../../../src/shared/schemas/inbox.js';
import { LIMITS, TIMING } from '../../../../../src/shared/limits.js';
import { checkMessage } from '../../../../../web/inbox/logic/composer-check.js';
import { newerConversation, unreadOf } from '../../../../../web/inbox/logic/conversation.js';
import { DraftStore, EMPTY_DRAFT, restoreText, typeInto } from '../../../../../web/inbox/logic/drafts.js';
import { assignableUsers, mayAccept, mayWork, statusMoves } from '../../../../../web/inbox/logic/permissions.js';
import { checkSetup } from '../../../../../web/inbox/logic/setup-form.js';
import { buildThreadRows, firstIndexFor, rowsAfter } from '../../../../../web/inbox/logic/thread-rows.js';
import { liveMarks, markTyping } from '../../../../../web/inbox/logic/typing.js';
import {
  belongsTo,
  totalOf,
  unfiltered,
  viewFromQuery,
  viewKey,
  viewToQuery,
} from '../../../../../web/inbox/logic/view.js';
import { buildConversation, buildMessage, buildOutboxItem, buildRow, ME, MemoryStorage } from '../builders.js';

describe('conversations', () => {
  it('counts what the reader has not seen, never below zero', () => {
    expect(unreadOf({ contactMessageCount: 5, readCount: 2 })).toBe(3);
    expect(unreadOf({ contactMessageCount: 1, readCount: 2 })).toBe(0);
  });

  it('keeps the held object when nothing is news', () => {
    const held = buildRow('a', { version: 5, readCount: 2 });
    expect(newerConversation(held, buildRow('a', { version: 4, readCount: 1 }))).toBe(held);
    expect(newerConversation(held, buildRow('a', { version: 4, readCount: 3 }))).toMatchObject({
      version: 5,
      readCount: 3,
    });
  });
});

const LABEL = 'a'.repeat(24);

describe('views', () => {
  it.each([
    [{ kind: 'mine', done: false }, ''],
    [{ kind: 'mine', done: true }, '?done=1'],
    [{ kind: 'unassigned', inboxId: 'i1', done: false }, '?view=unassigned&inbox=i1'],
    [{ kind: 'inbox', inboxId: 'i1', done: true }, '?view=inbox&inbox=i1&done=1'],
    [{ kind: 'mine', done: false, label: LABEL }, `?label=${LABEL}`],
  ] as const)('goes into an address and back: %j', (view, query) => {
    expect(viewToQuery(view)).toBe(query);
    expect(viewFromQuery(new URLSearchParams(query))).toEqual(view);
  });

  it('falls back to the own work when an address makes no sense', () => {
    expect(viewFromQuery(new URLSearchParams('view=unassigned'))).toEqual({ kind: 'mine', done: false });
    expect(viewFromQuery(new URLSearchParams('view=nonsense&inbox=1'))).toEqual({ kind: 'mine', done: false });
    expect(viewFromQuery(new URLSearchParams('label=x'))).toEqual({ kind: 'mine', done: false });
  });

  it('knows how many conversations a counted view has', () => {
    const counts = { mine: 4, unassigned: { i1: 7 }, unassignedOfTeams: {} };
    expect(totalOf({ kind: 'mine' }, counts)).toBe(4);
    expect(totalOf({ kind: 'unassigned', inboxId: 'i1' }, counts)).toBe(7);
    expect(totalOf({ kind: 'unassigned', inboxId: 'i2' }, counts)).toBeNull();
    expect(totalOf({ kind: 'mine', done: true }, counts)).toBeNull();
    expect(totalOf({ kind: 'inbox', inboxId: 'i1' }, counts)).toBeNull();
    expect(totalOf({ kind: 'mine', label: LABEL }, counts)).toBeNull();
  });

  it('names the open and the done view apart', () => {
    expect(viewKey({ kind: 'mine' })).toBe(viewKey({ kind: 'mine', done: false }));
    expect(viewKey({ kind: 'mine' })).not.toBe(viewKey({ kind: 'mine', done: true }));
    expect(viewKey({ kind: 'mine' })).not.toBe(viewKey({ kind: 'mine', label: LABEL }));
    expect(unfiltered({ kind: 'mine', label: LABEL })).toEqual({ kind: 'mine', done: false });
  });

  it('knows which conversations belong', () => {
    const mine = buildConversation('a');
    const waiting = buildConversation('b', { status: 'open', assignee: null });
    expect(belongsTo({ kind: 'mine' }, mine, ME.id)).toBe(true);
    expect(belongsTo({ kind: 'mine' }, mine, 'u2')).toBe(false);
    expect(belongsTo({ kind: 'mine', done: true }, mine, ME.id)).toBe(false);
    expect(belongsTo({ kind: 'mine', done: true }, { ...mine, status: 'resolved' }, ME.id)).toBe(true);
    expect(belongsTo({ kind: 'unassigned', inboxId: 'i1' }, waiting, ME.id)).toBe(true);
    expect(belongsTo({ kind: 'unassigned', inboxId: 'i1' }, mine, ME.id)).toBe(false);
    expect(belongsTo({ kind: 'inbox', inboxId: 'i1' }, mine, 'u9')).toBe(true);
    expect(belongsTo({ kind: 'inbox', inboxId: 'i2' }, mine, ME.id)).toBe(false);
    expect(belongsTo({ kind: 'mine', label: LABEL }, mine, ME.id)).toBe(false);
    expect(belongsTo({ kind: 'mine', label: LABEL }, { ...mine, labels: [LABEL] }, ME.id)).toBe(true);
  });
});

describe('what the reader may do', () => {
  it('offers only legal moves, from the shared table', () => {
    for (const status of CONVERSATION_STATUSES) {
      const moves = statusMoves({ status, assignee: null });
      expect(moves.every((to) => canTransition(status, to, false))).toBe(true);
      expect(moves).not.toContain(status);
    }
    expect(statusMoves({ status: 'closed', assignee: null })).toEqual([]);
    expect(statusMoves({ status: 'resolved', assignee: null })).toEqual(['reopened', 'closed']);
  });

  it('offers "open" only where nobody holds it and "assigned" only where somebody does', () => {
    const unheld = statusMoves({ status: 'pending', assignee: null });
    expect(unheld).toEqual(['open', 'snoozed', 'resolved', 'closed']);
    const held = statusMoves({ status: 'pending', assignee: { id: 'u1', name: 'Ida' } });
    expect(held).toEqual(['assigned', 'in_progress', 'snoozed', 'resolved', 'closed']);
  });

  it('lets agents work what they hold and accept what nobody holds', () => {
    const foreign = buildConversation('a', { assignee: { id: 'u2', name: 'Mara' } });
    expect(mayWork(ME, buildConversation('a'))).toBe(true);
    expect(mayWork(ME, foreign)).toBe(false);
    expect(mayWork({ ...ME, role: 'supervisor' }, foreign)).toBe(true);
    expect(mayAccept(buildConversation('a', { assignee: null, status: 'open' }))).toBe(true);
    expect(mayAccept(buildConversation('a', { assignee: null, status: 'closed' }))).toBe(false);
    expect(mayAccept(foreign)).toBe(false);
  });

  it('assigns to active staff of the inbox', () => {
    const users = [
      { ...ME, id: 'z', name: 'Zoe' },
      { ...ME, id: 'a', name: 'Adam' },
      { ...ME, id: 'gone', name: 'Gone', active: false },
      { ...ME, id: 'other', name: 'Other' },
      { ...ME, id: 'lead', name: 'Lead', role: 'admin' as const },
      { ...ME, id: 'elsewhere', name: 'Elsewhere', role: 'supervisor' as const },
      { ...ME, id: 'cust', name: 'Cust', role: 'customer' as const },
    ];
    const inbox = { memberIds: ['z', 'a', 'gone', 'cust'] } as unknown as InboxDto;
    expect(assignableUsers(users, inbox).map(({ id }) => id)).toEqual(['a', 'lead', 'z']);
  });
});

describe('thread rows', () => {
  const at = (hour: number, minute = 0): number => new Date(2026, 10, 21, hour, minute).getTime();
  const ours = (id: string, change = {}) =>
    buildMessage(id, {
      sender: { type: 'agent', id: ME.id, name: ME.name },
      clientMessageId: `client-${id}`,
      ...change,
    });

  it('starts days and joins what one sender says in one breath', () => {
    const rows = buildThreadRows(
      [
        buildMessage('a', { orderAt: at(-2) }),
        buildMessage('b', { orderAt: at(9) }),
        buildMessage('c', { orderAt: at(9, 3) }),
        buildMessage('d', { orderAt: at(9, 30) }),
        buildMessage('n', { orderAt: at(9, 31), kind: 'note' }),
      ],
      [],
      ME.id,
    );
    expect(rows.map(({ startsDay }) => startsDay)).toEqual([true, true, false, false, false]);
    expect(rows.map(({ continues }) => continues)).toEqual([false, false, true, false, false]);
  });

  it('shows a pending message last and never beside its stored copy', () => {
    const pending = [
      buildOutboxItem('client-b', { createdAt: at(10) }),
      buildOutboxItem('client-c', { createdAt: at(10) }),
    ];
    const rows = buildThreadRows([ours('b', { orderAt: at(9) })], pending, ME.id);
    expect(rows.map(({ key, kind }) => [key, kind])).toEqual([
      ['client-b', 'message'],
      ['client-c', 'pending'],
    ]);
  });

  it('keeps a row its key when it is acknowledged', () => {
    const before = buildThreadRows([], [buildOutboxItem('client-b')], ME.id);
    const after = buildThreadRows([ours('b')], [], ME.id);
    expect(after[0]?.key).toBe(before[0]?.key);
  });

  it("does not take a colleague's message for an own pending one", () => {
    const foreign = ours('b', { sender: { type: 'agent', id: 'u2', name: 'Mara' } });
    expect(buildThreadRows([foreign], [buildOutboxItem('client-b')], ME.id)).toHaveLength(2);
  });

  it('grows upwards from its anchor', () => {
    const keys = (...names: string[]) => names.map((key) => ({ key }));
    expect(firstIndexFor(keys('a', 'b'), 'a', 1_000)).toBe(1_000);
    expect(firstIndexFor(keys('x', 'y', 'a', 'b'), 'a', 1_000)).toBe(998);
    expect(firstIndexFor(keys('a', 'b', 'c'), 'a', 1_000)).toBe(1_000);
    expect(firstIndexFor([], null, 1_000)).toBe(1_000);
  });

  it('counts what follows a row', () => {
    expect(rowsAfter([{ key: 'a' }, { key: 'b' }, { key: 'c' }], 'a')).toBe(2);
    expect(rowsAfter([{ key: 'a' }], 'gone')).toBe(0);
  });
});

describe('drafts', () => {
  it('remember per reader and conversation, and are forgotten when empty', () => {
    const storage = new MemoryStorage();
    const drafts = new DraftStore(storage, 'u1');
    const draft = typeInto(EMPTY_DRAFT, 'Hello', 7);
    drafts.save('c1', draft);
    expect(drafts.load('c1')).toEqual(draft);
    expect(drafts.load('c2')).toEqual(EMPTY_DRAFT);
    expect(new DraftStore(storage, 'u2').load('c1')).toEqual(EMPTY_DRAFT);
    drafts.save('c1', typeInto(draft, '', 9));
    expect(storage.getItem('switchboard.draft.u1.c1')).toBeNull();
  });

  it('survive a broken or full storage', () => {
    const storage = new MemoryStorage();
    storage.setItem('switchboard.draft.u1.c1', '{"mode":"shout"}');
    storage.setItem('switchboard.draft.u1.c2', 'not json');
    const full = {
      ...storage,
      getItem: storage.getItem,
      setItem: () => {
        throw new Error('full');
      },
    };
    const drafts = new DraftStore(full, 'u1');
    expect(drafts.load('c1')).toEqual(EMPTY_DRAFT);
    expect(drafts.load('c2')).toEqual(EMPTY_DRAFT);
    expect(() => drafts.save('c1', typeInto(EMPTY_DRAFT, 'x', 1))).not.toThrow();
  });

  it('name what was seen when the reply was begun, not what came while writing', () => {
    const begun = typeInto(EMPTY_DRAFT, 'H', 7);
    expect(typeInto(begun, 'He', 9).seenRev).toBe(7);
    expect(typeInto(typeInto(begun, '', 9), 'H', 9).seenRev).toBe(9);
  });

  it('keep reply and note apart', () => {
    const note = typeInto({ ...typeInto(EMPTY_DRAFT, 'to them', 7), mode: 'note' }, 'to us', 9);
    expect(note).toEqual({ mode: 'note', reply: 'to them', note: 'to us', seenRev: 7 });
  });

  it('take words back in front of newer ones, as seen now', () => {
    const draft = typeInto(EMPTY_DRAFT, 'newer', 7);
    expect(restoreText(draft, 'reply', 'older', 12)).toMatchObject({ reply: 'older\nnewer', seenRev: 12 });
    expect(restoreText(EMPTY_DRAFT, 'note', 'words', 12)).toMatchObject({ mode: 'note', note: 'words', seenRev: null });
  });
});

describe('typing marks', () => {
  const mark = { conversationId: 'c1', who: 'u2', name: 'Mara' };

  it('appear, are renewed, and end when told or after their time', () => {
    const first = markTyping([], mark, true, 0);
    expect(first).toEqual([{ ...mark, until: TIMING.typingLasts }]);
    const renewed = markTyping(first, mark, true, 1_000);
    expect(renewed).toEqual([{ ...mark, until: TIMING.typingLasts + 1_000 }]);
    expect(markTyping(renewed, mark, false, 2_000)).toEqual([]);
    expect(liveMarks(renewed, TIMING.typingLasts + 1_000)).toEqual([]);
    expect(liveMarks(renewed, TIMING.typingLasts)).toBe(renewed);
  });

  it('stand side by side', () => {
    const both = markTyping(markTyping([], mark, true, 0), { ...mark, who: 'contact' }, true, 0);
    expect(markTyping(both, mark, false, 0).map(({ who }) => who)).toEqual(['contact']);
  });
});

describe('forms', () => {
  it('lets a message go that has words or files', () => {
    expect(checkMessage('  ', []).ready).toBe(false);
    expect(checkMessage('Hi', []).ready).toBe(true);
    expect(checkMessage('', [{ state: 'done' }]).ready).toBe(true);
    expect(checkMessage('x'.repeat(LIMITS.messageText), []).ready).toBe(true);
    expect(checkMessage('x'.repeat(LIMITS.messageText + 1), []).ready).toBe(false);
  });

  it('waits for files and says so', () => {
    expect(checkMessage('Hi', [{ state: 'uploading' }])).toMatchObject({ ready: false, problem: expect.any(String) });
    expect(checkMessage('Hi', [{ state: 'failed' }])).toMatchObject({ ready: false, problem: expect.any(String) });
  });

  it('checks the first administrator', () => {
    expect(checkSetup({ code: 'ABCD', name: 'Ada', email: 'ada@radhaus.test', password: 'long enough' })).toEqual({});
    expect(Object.keys(checkSetup({ code: ' ', name: ' ', email: 'ada', password: 'short' }))).toEqual([
      'code',
      'name',
      'email',
      'password',
    ]);
    expect(checkSetup({ code: 'ABCD', name: 'Ada', email: 'a@b', password: 'ü'.repeat(37) })).toHaveProperty(
      'password',
    );
  });
});
