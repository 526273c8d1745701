import { InboxModel, type Inbox } from './inbox.js';
import { onStore } from '../storage/in-transaction.js';
import { TtlCache } from '../utils/ttl-cache.js';

/** Inboxes may be as old as this (PROTOCOLS 9). Milliseconds. */
const CACHED_FOR = 5_000;

const byId = new TtlCache<Inbox | null>(CACHED_FOR);
const byAccount = new TtlCache<Inbox | null>(CACHED_FOR);

/** An inbox by id, at most 5 s old; null: there is none. @throws AppError 503 when the store does not answer in time. */
export const inboxById = (id: string): Promise<Inbox | null> =>
  byId.get(id, () => onStore(InboxModel.findById(id).lean().exec()));

/** The inbox of a platform's account, at most 5 s old; null: nobody connected it. @throws AppError 503, as above. */
export const inboxByAccount = (channel: string, accountId: string): Promise<Inbox | null> =>
  byAccount.get(`${channel}:${accountId}`, () => onStore(InboxModel.findOne({ channel, accountId }).lean().exec()));

/** Forgets what is cached, after a change made in this process. */
export function forgetInboxes(): void {
  byId.clear();
  byAccount.clear();
}
