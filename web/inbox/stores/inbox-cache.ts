import type { QueryClient } from '@tanstack/react-query';
import { isActive } from '../../../src/shared/conversation-status.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import { supersedes } from '../../../src/shared/thread-order.js';
import type { IncomingConversation } from '../logic/conversation.js';
import { patchRow, removeRow, reopenEnd, type ListState } from '../logic/list-state.js';
import { applyLive, type ThreadState } from '../logic/thread-state.js';
import { belongsTo, isCounted, viewKey } from '../logic/view.js';

/** Names of everything in the query cache. */
export const queryKeys = {
  setup: ['setup'] as const,
  users: ['users'] as const,
  inboxes: ['inboxes'] as const,
  counts: ['counts'] as const,
  lists: ['list'] as const,
  list: (view: ListView) => ['list', viewKey(view), view] as const,
  threads: ['thread'] as const,
  thread: (id: string) => ['thread', id] as const,
};

/** Reads and patches what the query cache holds of lists and threads. */
export class InboxCache {
  readonly #client: QueryClient;
  readonly #readerId: string;

  constructor(client: QueryClient, readerId: string) {
    this.#client = client;
    this.#readerId = readerId;
  }

  list(view: ListView): ListState | undefined {
    return this.#client.getQueryData<ListState>(queryKeys.list(view));
  }

  /** The rows of every loaded list that are not done, each once. */
  rows(): ConversationRowDto[] {
    const lists = this.#client.getQueriesData<ListState>({ queryKey: queryKeys.lists });
    const rows = lists.flatMap(([, state]) => state?.rows ?? []).filter(({ status }) => isActive(status));
    return [...new Map(rows.map((row) => [row.id, row])).values()];
  }

  /** Changes a list that is loaded. */
  updateList(view: ListView, change: (state: ListState) => ListState): void {
    this.#client.setQueryData<ListState>(queryKeys.list(view), (state) => state && change(state));
  }

  thread(id: string): ThreadState | undefined {
    return this.#client.getQueryData<ThreadState>(queryKeys.thread(id));
  }

  /** Changes a thread that is loaded, and brings the lists in step with its conversation. */
  updateThread(id: string, change: (state: ThreadState) => ThreadState): void {
    this.#client.setQueryData<ThreadState>(queryKeys.thread(id), (state) => state && change(state));
    const conversation = this.thread(id)?.conversation;
    if (conversation !== undefined) this.#patchLists(conversation);
  }

  setCounts(counts: ListSync['counts']): void {
    this.#client.setQueryData(queryKeys.counts, counts);
  }

  /**
   * Applies a live event or the answer to a change of ours. Answers whether it belongs into or has left a loaded list, so
   * that only the server knows what that list looks like now.
   */
  applyLive(live: { conversation?: IncomingConversation; message?: MessageDto }): boolean {
    const id = live.conversation?.id ?? live.message?.conversationId;
    if (id !== undefined) {
      this.#client.setQueryData<ThreadState>(queryKeys.thread(id), (state) => state && applyLive(state, live));
    }
    return live.conversation !== undefined && this.#patchLists(live.conversation);
  }

  /** The reader has read `readCount` of the contact's messages. */
  markRead(id: string, readCount: number): void {
    const raise = (row: ConversationRowDto): ConversationRowDto =>
      row.readCount >= readCount ? row : { ...row, readCount };
    this.#client.setQueryData<ThreadState>(
      queryKeys.thread(id),
      (state) => state && { ...state, conversation: raise(state.conversation) },
    );
    this.#client.setQueriesData<ListState>(
      { queryKey: queryKeys.lists },
      (state) => state && { ...state, rows: state.rows.map((row) => (row.id === id ? raise(row) : row)) },
    );
  }

  /** Drops a conversation everywhere. Answers what was known of it. */
  remove(id: string): ConversationRowDto | undefined {
    let known = this.thread(id)?.conversation;
    for (const [key, state] of this.#client.getQueriesData<ListState>({ queryKey: queryKeys.lists })) {
      if (state === undefined) continue;
      known ??= state.rows.find((row) => row.id === id);
      this.#client.setQueryData(key, removeRow(state, id));
    }
    this.#client.removeQueries({ queryKey: queryKeys.thread(id) });
    return known;
  }

  /** One of the company's lists has changed, by its name in the API; its query has that name. */
  listChanged(name: string): void {
    void this.#client.invalidateQueries({ queryKey: [name] });
  }

  /** Nobody told of changes for a while: lists that say so in their query (`meta: { told: true }`) are read anew. */
  listsMayHaveChanged(): void {
    void this.#client.invalidateQueries({ predicate: ({ meta }) => meta?.['told'] === true });
  }

  /** Forgets everything and loads again what is on screen. */
  reload(): void {
    this.#client.removeQueries({ queryKey: queryKeys.threads, type: 'inactive' });
    void this.#client.resetQueries();
  }

  #patchLists(conversation: IncomingConversation): boolean {
    let moved = false;
    for (const [key, state] of this.#client.getQueriesData<ListState>({ queryKey: queryKeys.lists })) {
      const view = viewOfKey(key);
      if (state === undefined || view === undefined) continue;
      const held = state.rows.some((row) => row.id === conversation.id);
      const belongs = belongsTo(view, conversation, this.#readerId);
      moved ||= held !== belongs;
      this.#client.setQueryData(key, patchList(state, view, conversation, belongs));
    }
    return moved;
  }
}

/** Brings one list in step with a conversation. A late event must not undo what a newer one has done. */
function patchList(state: ListState, view: ListView, conversation: IncomingConversation, belongs: boolean): ListState {
  const row = state.rows.find(({ id }) => id === conversation.id);
  // Where the server counts, its next answer tells whether one more row follows.
  if (row === undefined) return belongs && !isCounted(view) ? reopenEnd(state) : state;
  const isNews = supersedes(conversation.version, row.version, 'incoming');
  return isNews && !belongs ? removeRow(state, conversation.id) : patchRow(state, conversation);
}

/** List keys carry their view, see `queryKeys.list`. */
const viewOfKey = (key: readonly unknown[]): ListView | undefined => key[2] as ListView | undefined;
