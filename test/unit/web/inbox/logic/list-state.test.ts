import { describe, expect, it } from '@jest/globals';
import type { ConversationRowDto } from '../../../../../src/shared/schemas/conversation.js';
import { LIMITS } from '../../../../../src/shared/limits.js';
import {
  appendPage,
  applyListSync,
  namedRows,
  neighbour,
  patchRow,
  removeRow,
  reopenEnd,
  sameNext,
  replaceRows,
  type ListState,
} from '../../../../../web/inbox/logic/list-state.js';
import { buildConversation, buildRow } from '../builders.js';

const counts = { mine: 0, unassigned: {}, unassignedOfTeams: {} };
const ids = (state: ListState): string[] => state.rows.map(({ id }) => id);
const rows = (...names: string[]): ConversationRowDto[] =>
  names.map((id, index) => buildRow(id, { lastActivityAt: 1_000 - index }));
const list = (names: string[], cursor: string | null): ListState => replaceRows(undefined, rows(...names), cursor);
const answer = (names: string[], changed: ConversationRowDto[] = []) => ({ ids: names, changed, counts, scopeRev: 1 });

describe('paging', () => {
  it('adds what follows without doubling rows that moved up meanwhile', () => {
    const state = appendPage(list(['a', 'b'], 'p2'), { items: rows('b', 'c'), cursor: null });
    expect(ids(state)).toEqual(['a', 'b', 'c']);
    expect(state.next).toEqual({ kind: 'end' });
  });

  it('takes newer copies that a page brings, and keeps newer ones on hand', () => {
    const held = replaceRows(undefined, [buildRow('a', { version: 5 }), buildRow('b', { version: 1 })], 'p2');
    const items = [buildRow('a', { version: 4 }), buildRow('b', { version: 2 })];
    expect(appendPage(held, { items, cursor: null }).rows.map(({ version }) => version)).toEqual([5, 2]);
  });

  it('reads from the top again without losing newer copies', () => {
    const held = replaceRows(undefined, [buildRow('a', { version: 5, readCount: 3 })], null);
    const state = replaceRows(held, [buildRow('b'), buildRow('a', { version: 4 })], 'p2');
    expect(ids(state)).toEqual(['b', 'a']);
    expect(state.rows[1]).toMatchObject({ version: 5, readCount: 3 });
  });

  it('names at most the rows that a catch-up takes', () => {
    const many = Array.from({ length: 250 }, (_, index) => buildRow(`r${index}`, { version: index }));
    const named = namedRows(replaceRows(undefined, many, null));
    expect(named).toHaveLength(LIMITS.listRows);
    expect(named[3]).toEqual({ id: 'r3', version: 3 });
  });
});

describe('applyListSync', () => {
  const sync = (state: ListState, names: string[], changed: ConversationRowDto[] = [], total: number | null = null) =>
    applyListSync(state, answer(names, changed), namedRows(state), total);

  it('takes the order of the answer, new rows in and missing rows out', () => {
    const state = sync(list(['a', 'b', 'c'], null), ['n', 'c', 'a'], [buildRow('n')]);
    expect(ids(state)).toEqual(['n', 'c', 'a']);
  });

  it('keeps a row that a live event has made newer while the answer was on its way', () => {
    const state = list(['a'], null);
    const named = namedRows(state);
    const patched = patchRow(state, buildConversation('a', { version: 7, status: 'resolved' }));
    const synced = applyListSync(
      patched,
      answer(['a'], [buildRow('a', { version: 6, status: 'pending' })]),
      named,
      null,
    );
    expect(synced.rows[0]).toMatchObject({ version: 7, status: 'resolved' });
  });

  it('skips an id that nobody knows the row of, and asks for it by reading on', () => {
    const state = sync(list(['a'], null), ['a', 'ghost']);
    expect(ids(state)).toEqual(['a']);
    expect(state.next).toEqual({ kind: 'restart' });
  });

  it('keeps the cursor while the last row stands where it stood', () => {
    const state = sync(list(['a', 'b', 'c'], 'p2'), ['b', 'a', 'c']);
    expect(state.next).toEqual({ kind: 'cursor', cursor: 'p2' });
  });

  it('gives the cursor up when the end has moved, so that no row is skipped', () => {
    expect(sync(list(['a', 'b', 'c'], 'p2'), ['n', 'a', 'b'], [buildRow('n')]).next).toEqual({ kind: 'restart' });
    expect(sync(list(['a', 'b'], 'p2'), ['a', 'b'], [buildRow('b', { version: 9 })]).next).toEqual({ kind: 'restart' });
  });

  it('drops rows beyond the answer and reads on from the top', () => {
    const many = Array.from({ length: 300 }, (_, index) => `r${index}`);
    const state = list(many, 'p4');
    const synced = sync(state, many.slice(0, LIMITS.listRows));
    expect(synced.rows).toHaveLength(LIMITS.listRows);
    expect(synced.next).toEqual({ kind: 'restart' });
  });

  it('stays complete while nothing was pushed out', () => {
    expect(sync(list(['a', 'b'], null), ['n', 'a', 'b'], [buildRow('n')]).next).toEqual({ kind: 'end' });
    expect(sync(list(['a', 'b'], null), ['b']).next).toEqual({ kind: 'end' });
    expect(sync(list([], null), []).next).toEqual({ kind: 'end' });
  });

  it('is not sure of its end when a row may have been pushed out', () => {
    expect(sync(list(['a', 'b'], null), ['n', 'a'], [buildRow('n')]).next).toEqual({ kind: 'restart' });
  });
});

describe('the end of a list that the server counts', () => {
  const sync = (state: ListState, names: string[], total: number) =>
    applyListSync(state, answer(names), namedRows(state), total).next;

  it('is open again when a row has come in below the last one, which no answer shows', () => {
    expect(sync(list(['a', 'b'], null), ['a', 'b'], 3)).toEqual({ kind: 'restart' });
  });

  it('is known when all are on hand, whatever was known before', () => {
    expect(sync(list(['a', 'b'], 'p2'), ['a', 'b'], 2)).toEqual({ kind: 'end' });
    expect(sync({ ...list(['a', 'b'], null), next: { kind: 'restart' } }, ['b', 'a'], 2)).toEqual({ kind: 'end' });
  });

  it('is opened by a live event where nobody counts', () => {
    expect(reopenEnd(list(['a'], null)).next).toEqual({ kind: 'restart' });
    const paged = list(['a'], 'p2');
    expect(reopenEnd(paged)).toBe(paged);
  });
});

describe('sameNext', () => {
  it('compares where two lists go on', () => {
    const at = (cursor: string) => ({ kind: 'cursor', cursor }) as const;
    expect(sameNext(at('a'), at('a'))).toBe(true);
    expect(sameNext(at('a'), at('b'))).toBe(false);
    expect(sameNext(at('a'), { kind: 'restart' })).toBe(false);
    expect(sameNext({ kind: 'restart' }, { kind: 'restart' })).toBe(true);
  });
});

describe('live patches', () => {
  it('moves a row up when it has been active, and keeps what the reader has read', () => {
    const held = replaceRows(undefined, [...rows('a', 'b'), buildRow('c', { readCount: 2, lastActivityAt: 1 })], null);
    const state = patchRow(held, buildConversation('c', { version: 2, lastActivityAt: 5_000 }));
    expect(ids(state)).toEqual(['c', 'a', 'b']);
    expect(state.rows[0]?.readCount).toBe(2);
  });

  it('changes a row in place when it was not active', () => {
    const state = patchRow(
      list(['a', 'b'], null),
      buildConversation('b', { version: 2, status: 'pending', lastActivityAt: 999 }),
    );
    expect(ids(state)).toEqual(['a', 'b']);
    expect(state.rows[1]?.status).toBe('pending');
  });

  it('ignores an older copy and one that is not held', () => {
    const state = replaceRows(undefined, [buildRow('a', { version: 5 })], null);
    expect(patchRow(state, buildConversation('a', { version: 4 }))).toBe(state);
    expect(patchRow(state, buildConversation('z'))).toBe(state);
  });

  it('takes a row out', () => {
    const state = list(['a', 'b'], null);
    expect(ids(removeRow(state, 'a'))).toEqual(['b']);
    expect(removeRow(state, 'z')).toBe(state);
  });
});

describe('neighbour', () => {
  it('goes down and up, and stops at the ends', () => {
    const held = rows('a', 'b', 'c');
    expect(neighbour(held, 'a', 1)?.id).toBe('b');
    expect(neighbour(held, 'b', -1)?.id).toBe('a');
    expect(neighbour(held, 'c', 1)).toBeUndefined();
    expect(neighbour(held, 'a', -1)).toBeUndefined();
  });

  it('begins at the top', () => {
    expect(neighbour(rows('a', 'b'), undefined, -1)?.id).toBe('a');
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});
