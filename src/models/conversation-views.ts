import type { QueryFilter } from 'mongoose';
import type { ListView } from '../shared/socket-events.js';
import type { Conversation } from './conversation.js';

/** Newest activity first, with a unique tie-breaker. */
export const VIEW_ORDER = { lastActivityAt: -1, _id: -1 } as const;

/** The one index range of a list view (PROTOCOLS 4). */
export function viewFilter(view: ListView, userId: string): QueryFilter<Conversation> {
  const active = view.done !== true;
  if (view.kind === 'mine') return { assignee: userId, active };
  if (view.kind === 'unassigned') return { inbox: view.inboxId ?? null, assignee: null, active };
  return { inbox: view.inboxId ?? null, active };
}
