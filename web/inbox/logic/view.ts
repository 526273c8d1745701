import { isActive } from '../../../src/shared/conversation-status.js';
import type { ListFilter } from '../../../src/shared/list-filter.js';
import { LIST_FILTERS } from '../../../src/shared/list-filters/index.js';
import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import type { ListView } from '../../../src/shared/schemas/view.js';

const FILTERS = Object.entries<ListFilter>(LIST_FILTERS);

/** What narrows a view beside its place, by the filters' names. */
export function filtersOf(view: ListView): Record<string, string> {
  const held: Readonly<Record<string, unknown>> = view;
  return Object.fromEntries(
    FILTERS.flatMap(([name]) => (typeof held[name] === 'string' ? [[name, held[name]]] : [])) as [string, string][],
  );
}

export const isFiltered = (view: ListView): boolean => Object.keys(filtersOf(view)).length > 0;

/** The same place with nothing to narrow it. */
export const unfiltered = ({ kind, inboxId, done }: ListView): ListView => ({
  kind,
  ...(inboxId === undefined ? {} : { inboxId }),
  done: Boolean(done),
});

/** The view that a page address names (`?view=unassigned&inbox=…&done=1`); anything unclear is the reader's own work. */
export function viewFromQuery(query: { get(name: string): string | null }): ListView {
  const kind = query.get('view');
  const inboxId = query.get('inbox');
  const done = query.get('done') === '1';
  const filters = FILTERS.flatMap(([name, { value }]) => {
    const text = query.get(name);
    return text !== null && value.test(text) ? [[name, text]] : [];
  });
  const rest = { done, ...(Object.fromEntries(filters) as object) };
  if ((kind === 'unassigned' || kind === 'inbox') && inboxId !== null) return { kind, inboxId, ...rest };
  return { kind: 'mine', ...rest };
}

/** The query string of a view, empty for the reader's own open work. */
export function viewToQuery(view: ListView): string {
  const query = new URLSearchParams();
  if (view.kind !== 'mine') query.set('view', view.kind);
  if (view.inboxId !== undefined) query.set('inbox', view.inboxId);
  if (view.done) query.set('done', '1');
  for (const [name, value] of Object.entries(filtersOf(view))) query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A stable name of a view, for caches. */
export const viewKey = (view: ListView): string =>
  [view.kind, view.inboxId ?? '', view.done ? 'done' : 'open', ...Object.entries(filtersOf(view)).flat()].join(':');

/** Whether the server counts the conversations of a view. */
export const isCounted = (view: ListView): boolean => !view.done && view.kind !== 'inbox' && !isFiltered(view);

/** How many conversations a view has by the server's counts; null: they do not tell. */
export function totalOf(view: ListView, counts: ListSync['counts']): number | null {
  if (!isCounted(view)) return null;
  return view.kind === 'mine' ? counts.mine : (counts.unassigned[view.inboxId ?? ''] ?? null);
}

/** Whether a conversation stands in a view of this reader. */
export function belongsTo(view: ListView, conversation: ConversationDto, readerId: string): boolean {
  if (isActive(conversation.status) === Boolean(view.done)) return false;
  const filters = filtersOf(view);
  for (const [name, { matches }] of FILTERS) {
    const value = filters[name];
    if (value !== undefined && !matches(conversation, value)) return false;
  }
  if (view.kind === 'mine') return conversation.assignee?.id === readerId;
  if (conversation.inbox.id !== view.inboxId) return false;
  return view.kind === 'inbox' || conversation.assignee === null;
}
