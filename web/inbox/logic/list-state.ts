import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { Page } from '../../../src/shared/schemas/paging.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { newerConversation, type IncomingConversation } from './conversation.js';

/**
 * Where a list goes on. `restart`: rows may follow, but the cursor at hand no longer stands right after the last row, so
 * the next page is found by reading from the top.
 */
export type ListNext = { kind: 'cursor'; cursor: string } | { kind: 'restart' } | { kind: 'end' };

/** The loaded rows of one list view, in the server's order. */
export interface ListState {
  rows: ConversationRowDto[];
  next: ListNext;
}

/** A row as the client names it when it catches up. */
export interface NamedRow {
  id: string;
  version: number;
}

export const nextOf = (cursor: string | null): ListNext =>
  cursor === null ? { kind: 'end' } : { kind: 'cursor', cursor };

/** Whether two lists go on at the same place. */
export const sameNext = (a: ListNext, b: ListNext): boolean =>
  a.kind === 'cursor' && b.kind === 'cursor' ? a.cursor === b.cursor : a.kind === b.kind;

/** A list from rows read from the top; rows held already win where they are newer. */
export function replaceRows(held: ListState | undefined, rows: ConversationRowDto[], cursor: string | null): ListState {
  const known = new Map(held?.rows.map((row) => [row.id, row]));
  return { rows: unique(rows).map((row) => freshest(known.get(row.id), row)), next: nextOf(cursor) };
}

/** Adds the page that follows. Rows that stand higher up already stay where they are. */
export function appendPage(state: ListState, page: Page<ConversationRowDto>): ListState {
  const arriving = new Map(page.items.map((row) => [row.id, row]));
  const rows = state.rows.map((row) => freshest(arriving.get(row.id), row));
  const held = new Set(rows.map((row) => row.id));
  const added = unique(page.items).filter((row) => !held.has(row.id));
  return { rows: [...rows, ...added], next: nextOf(page.cursor) };
}

/** The rows to name in a catch-up. */
export const namedRows = (state: ListState): NamedRow[] =>
  state.rows.slice(0, LIMITS.listRows).map(({ id, version }) => ({ id, version }));

/**
 * Applies a list catch-up: the answered ids in their order, rows beyond them dropped (PROTOCOLS 4). Live events that came
 * in between keep their newer copies. `total` is how many rows the whole view has, null where the server does not say: an
 * answer covers no more rows than were named, so that alone it cannot show a row that has come in below the last one.
 */
export function applyListSync(
  state: ListState,
  sync: ListSync,
  named: readonly NamedRow[],
  total: number | null,
): ListState {
  const held = new Map(state.rows.map((row) => [row.id, row]));
  const changed = new Map(sync.changed.map((row) => [row.id, row]));
  const rows = sync.ids.flatMap((id) => {
    const row = freshest(held.get(id), changed.get(id));
    return row === undefined ? [] : [row];
  });
  return { rows, next: total === rows.length ? { kind: 'end' } : nextAfterSync(state, sync, named, rows, total) };
}

/** Patches a row that is held and moves it up when it has been active since. Answers the same state when it is not held. */
export function patchRow(state: ListState, incoming: IncomingConversation): ListState {
  const index = state.rows.findIndex((row) => row.id === incoming.id);
  const held = state.rows[index];
  if (held === undefined) return state;
  const row = newerConversation(held, incoming);
  if (row === held) return state;
  if (row.lastActivityAt <= held.lastActivityAt) return { ...state, rows: state.rows.with(index, row) };
  const others = state.rows.toSpliced(index, 1);
  const place = others.findIndex((other) => other.lastActivityAt <= row.lastActivityAt);
  return { ...state, rows: others.toSpliced(place === -1 ? others.length : place, 0, row) };
}

/** Somewhere below the loaded rows there may be one more. */
export const reopenEnd = (state: ListState): ListState =>
  state.next.kind === 'end' ? { ...state, next: { kind: 'restart' } } : state;

/** Takes a row out of the list. Answers the same state when it is not held. */
export function removeRow(state: ListState, id: string): ListState {
  const rows = state.rows.filter((row) => row.id !== id);
  return rows.length === state.rows.length ? state : { ...state, rows };
}

/** The row before or after another one, for the keyboard; without a current row the first one. */
export function neighbour(rows: readonly ConversationRowDto[], currentId: string | undefined, step: 1 | -1) {
  const index = rows.findIndex((row) => row.id === currentId);
  return index === -1 ? rows[0] : rows[index + step];
}

/** A cursor stays good while the last row is the one it was taken behind and has not moved. */
function nextAfterSync(
  state: ListState,
  sync: ListSync,
  named: readonly NamedRow[],
  rows: readonly ConversationRowDto[],
  total: number | null,
): ListNext {
  if (state.next.kind === 'end') {
    const answered = new Set(sync.ids);
    const complete = sync.ids.length < named.length || named.every(({ id }) => answered.has(id));
    const allKnown = rows.length === sync.ids.length && rows.length >= (total ?? 0);
    return complete && allKnown ? state.next : { kind: 'restart' };
  }
  const before = named.at(-1);
  const after = rows.at(-1);
  const nothingDropped = state.rows.length <= named.length && rows.length === sync.ids.length;
  const unmoved = before?.id === after?.id && before?.version === after?.version;
  return nothingDropped && unmoved ? state.next : { kind: 'restart' };
}

function freshest<A extends ConversationRowDto | undefined>(held: ConversationRowDto | undefined, incoming: A) {
  if (held === undefined || incoming === undefined) return (incoming ?? held) as A;
  return newerConversation(held, incoming) as A;
}

const unique = (rows: readonly ConversationRowDto[]): ConversationRowDto[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];
