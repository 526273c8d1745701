import type { QueryFilter } from 'mongoose';
import type { Place } from '../shared/conversation-rights.js';
import type { Conversation } from './conversation.js';

/** Newest activity first, with a unique tie-breaker. */
export const VIEW_ORDER = { lastActivityAt: -1, _id: -1 } as const;

/** What stands in places of a view, as one index range (PROTOCOLS 4). */
export function viewFilter({ inbox, team, holder }: Partial<Place>, active: boolean): QueryFilter<Conversation> {
  return {
    ...(inbox === undefined ? {} : { inbox }),
    ...(team === undefined ? {} : { team }),
    ...(holder === undefined ? {} : { assignee: holder }),
    active,
  };
}
