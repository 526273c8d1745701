import { isActive } from '../../../src/shared/conversation-status.js';
import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import type { ListView } from '../../../src/shared/schemas/view.js';

/** The view that a page address names (`?view=unassigned&inbox=…&done=1`); anything unclear is the reader's own work. */
export function viewFromQuery(query: { get(name: string): string | null }): ListView {
  const kind = query.get('view');
  const inboxId = query.get('inbox');
  const done = query.get('done') === '1';
  if ((kind === 'unassigned' || kind === 'inbox') && inboxId !== null) return { kind, inboxId, done };
  return { kind: 'mine', done };
}

/** The query string of a view, empty for the reader's own open work. */
export function viewToQuery(view: ListView): string {
  const query = new URLSearchParams();
  if (view.kind !== 'mine') query.set('view', view.kind);
  if (view.inboxId !== undefined) query.set('inbox', view.inboxId);
  if (view.done) query.set('done', '1');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A stable name of a view, for caches. */
export const viewKey = (view: ListView): string =>
  [view.kind, view.inboxId ?? '', view.done ? 'done' : 'open'].join(':');

/** Whether the server counts the conversations of a view. */
export const isCounted = (view: ListView): boolean => !view.done && view.kind !== 'inbox';

/** How many conversations a view has by the server's counts; null: they do not tell. */
export function totalOf(view: ListView, counts: ListSync['counts']): number | null {
  if (!isCounted(view)) return null;
  return view.kind === 'mine' ? counts.mine : (counts.unassigned[view.inboxId ?? ''] ?? null);
}

/** Whether a conversation stands in a view of this reader. */
export function belongsTo(view: ListView, conversation: ConversationDto, readerId: string): boolean {
  if (isActive(conversation.status) === Boolean(view.done)) return false;
  if (view.kind === 'mine') return conversation.assignee?.id === readerId;
  if (conversation.inbox.id !== view.inboxId) return false;
  return view.kind === 'inbox' || conversation.assignee === null;
}
