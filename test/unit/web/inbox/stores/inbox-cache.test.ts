import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { ConversationRowDto } from '../../../../../src/shared/schemas/conversation.js';
import type { ListView } from '../../../../../src/shared/schemas/view.js';
import { replaceRows } from '../../../../../web/inbox/logic/list-state.js';
import { openThread } from '../../../../../web/inbox/logic/thread-state.js';
import { InboxCache, queryKeys } from '../../../../../web/inbox/stores/inbox-cache.js';
import { buildConversation, buildMessage, buildRow, ME } from '../builders.js';

const MINE: ListView = { kind: 'mine', done: false };
const WAITING: ListView = { kind: 'unassigned', inboxId: 'i1', done: false };

describe('InboxCache', () => {
  let client: QueryClient;
  let cache: InboxCache;

  beforeEach(() => {
    client = new QueryClient();
    cache = new InboxCache(client, ME.id);
    hold(MINE, buildRow('c1', { version: 3, readCount: 1 }), buildRow('c2'));
    hold(WAITING, buildRow('w1', { assignee: null, status: 'open' }));
    const page = { items: [buildMessage('a')], cursor: null, rev: 1 };
    client.setQueryData(queryKeys.thread('c1'), openThread(buildRow('c1', { version: 3, readCount: 1 }), page));
  });
  afterEach(() => client.clear());

  const hold = (view: ListView, ...rows: ConversationRowDto[]): void => {
    client.setQueryData(queryKeys.list(view), replaceRows(undefined, rows, null));
  };
  const ids = (view: ListView) => cache.list(view)?.rows.map(({ id }) => id);

  it('patches a conversation in every list and in its thread', () => {
    const conversation = buildConversation('c1', { version: 4, status: 'pending' });
    expect(cache.applyLive({ conversation, message: buildMessage('b', { rev: 4 }) })).toBe(false);
    expect(cache.list(MINE)?.rows[0]).toMatchObject({ status: 'pending', readCount: 1 });
    expect(cache.thread('c1')?.conversation.status).toBe('pending');
    expect(cache.thread('c1')?.messages.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('ignores threads and lists that are not loaded', () => {
    cache.applyLive({
      conversation: buildConversation('c2', { version: 2 }),
      message: buildMessage('x', { conversationId: 'c2' }),
    });
    expect(cache.thread('c2')).toBeUndefined();
    cache.updateList({ kind: 'inbox', inboxId: 'i1' }, (state) => state);
    expect(cache.list({ kind: 'inbox', inboxId: 'i1' })).toBeUndefined();
  });

  it('takes a conversation out of the list that it left, and says that lists have moved', () => {
    const assignee = { id: 'u2', name: 'Mara' };
    expect(cache.applyLive({ conversation: buildConversation('c1', { version: 4, assignee }) })).toBe(true);
    expect(ids(MINE)).toEqual(['c2']);
    expect(cache.thread('c1')?.conversation.assignee).toEqual(assignee);
  });

  it('says that lists have moved when a conversation belongs where it is not held', () => {
    const conversation = buildConversation('new', { assignee: null, status: 'open' });
    expect(cache.applyLive({ conversation })).toBe(true);
    expect(ids(WAITING)).toEqual(['w1']);
  });

  it('lets no late event undo a newer one', () => {
    const assignee = { id: 'u2', name: 'Mara' };
    cache.applyLive({ conversation: buildConversation('c1', { version: 2, assignee }) });
    expect(ids(MINE)).toEqual(['c1', 'c2']);
    expect(cache.list(MINE)?.rows[0]?.assignee?.id).toBe(ME.id);
  });

  it('brings the lists in step with a caught-up thread', () => {
    cache.updateThread('c1', (state) => ({ ...state, conversation: buildRow('c1', { version: 9, priority: 'high' }) }));
    expect(cache.list(MINE)?.rows[0]).toMatchObject({ version: 9, priority: 'high' });
  });

  it('raises what was read everywhere, and never lowers it', () => {
    cache.markRead('c1', 4);
    cache.markRead('c1', 2);
    expect(cache.list(MINE)?.rows[0]?.readCount).toBe(4);
    expect(cache.thread('c1')?.conversation.readCount).toBe(4);
  });

  it('drops a conversation everywhere and tells what it was', () => {
    expect(cache.remove('c1')?.number).toBe('TKT-c1');
    expect(ids(MINE)).toEqual(['c2']);
    expect(cache.thread('c1')).toBeUndefined();
    expect(cache.remove('unknown')).toBeUndefined();
  });

  it('reads a list anew that is told of, and after a gap all that are told of', async () => {
    const read: string[] = [];
    const load = (name: string, meta = {}) =>
      client.fetchQuery({ queryKey: [name], queryFn: () => read.push(name), meta, staleTime: Infinity });
    await load('shelves', { told: true });
    await load('inboxes');
    cache.listChanged('shelves');
    await load('shelves', { told: true });
    await load('inboxes');
    expect(read).toEqual(['shelves', 'inboxes', 'shelves']);
    cache.listsMayHaveChanged();
    await load('shelves', { told: true });
    await load('inboxes');
    expect(read).toEqual(['shelves', 'inboxes', 'shelves', 'shelves']);
  });

  it('forgets everything on reload', () => {
    cache.reload();
    expect(cache.list(MINE)).toBeUndefined();
    expect(cache.thread('c1')).toBeUndefined();
  });
});
