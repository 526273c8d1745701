import { notifications } from '@mantine/notifications';
import type { ConversationRowDto } from '../../../../src/shared/schemas/conversation.js';
import type { InboxDto } from '../../../../src/shared/schemas/inbox.js';
import { LIMITS } from '../../../../src/shared/limits.js';
import type { ListView } from '../../../../src/shared/schemas/view.js';
import { conversationsApi } from '../../api/conversations.js';
import { messageOf } from '../../api/failure.js';
import { inboxesApi } from '../../api/inboxes.js';
import { usersApi } from '../../api/users.js';
import type { AreaContext, PaletteEntry } from '../../logic/areas.js';
import { assignableUsers, leads, mayWork } from '../../logic/permissions.js';
import { viewToQuery } from '../../logic/view.js';
import { queryKeys } from '../../stores/inbox-cache.js';

/** What was read for the palette stays good for a moment; opening it twice asks once. */
const FRESH_FOR_MS = 30_000;
/** Inboxes whose conversations are read for the palette; those that are loaded already are found in any case. */
const MOST_INBOXES = 10;

/** The views and the open conversations that the reader may see. */
export async function inboxEntries(context: AreaContext): Promise<PaletteEntry[]> {
  const { queryClient, http } = context;
  const { items: inboxes } = await queryClient.fetchQuery({
    queryKey: queryKeys.inboxes,
    queryFn: () => inboxesApi(http).list(),
    staleTime: FRESH_FOR_MS,
  });
  const rows = await queryClient.fetchQuery({
    queryKey: ['palette', 'conversations'],
    queryFn: () => readOpen(context, inboxes),
    staleTime: FRESH_FOR_MS,
  });
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const row of context.live.cache.rows()) known.set(row.id, row);
  return [
    ...views(context, inboxes),
    ...(await assigning(context, inboxes)),
    ...[...known.values()].map((row) => conversationEntry(context, row)),
  ];
}

async function readOpen({ http, user }: AreaContext, inboxes: InboxDto[]): Promise<ConversationRowDto[]> {
  const api = conversationsApi(http);
  const kind = leads(user) ? 'inbox' : 'unassigned';
  const shared = inboxes.slice(0, MOST_INBOXES).map(({ id }): ListView => ({ kind, inboxId: id }));
  const pages = await Promise.all(
    [{ kind: 'mine' } as const, ...shared].map((view) => api.list(view, null, LIMITS.listPage)),
  );
  return pages.flatMap(({ items }) => items);
}

/** Whom the conversation on screen may be given to. */
async function assigning(context: AreaContext, inboxes: InboxDto[]): Promise<PaletteEntry[]> {
  const { live, user, queryClient, http, words } = context;
  const conversation = live.openId === null ? undefined : live.cache.thread(live.openId)?.conversation;
  if (conversation === undefined || conversation.status === 'closed' || !mayWork(user, conversation)) return [];
  const { items } = await queryClient.fetchQuery({
    queryKey: queryKeys.users,
    queryFn: () => usersApi(http).list(),
    staleTime: FRESH_FOR_MS,
  });
  const inbox = inboxes.find(({ id }) => id === conversation.inbox.id);
  return assignableUsers(items, inbox)
    .filter(({ id }) => id !== conversation.assignee?.id)
    .map(({ id, name }) => ({
      id: `assign.${id}`,
      label: words.t('inbox:command.assign', { name }),
      group: words.t('shell:group.people'),
      icon: 'person',
      run: () => void assign(context, conversation.id, id),
    }));
}

async function assign({ http, live, words }: AreaContext, conversationId: string, userId: string): Promise<void> {
  try {
    live.applyConversation((await conversationsApi(http).assign(conversationId, userId)).conversation);
  } catch (error) {
    notifications.show({ color: 'red', title: words.t('conversation:assignFailed'), message: messageOf(words, error) });
  }
}

function views({ words: { t }, user, navigate }: AreaContext, inboxes: InboxDto[]): PaletteEntry[] {
  const entry = (view: ListView, label: string, hint?: string): PaletteEntry => ({
    id: `view.${view.kind}.${view.inboxId ?? ''}`,
    label,
    ...(hint === undefined ? {} : { hint }),
    group: t('shell:group.views'),
    icon: view.kind === 'mine' ? 'person' : 'inbox',
    run: () => navigate(`/inbox${viewToQuery(view)}`),
  });
  const perInbox = (kind: 'unassigned' | 'inbox', hint: string): PaletteEntry[] =>
    inboxes.map(({ id, name }) => entry({ kind, inboxId: id }, name, hint));
  return [
    entry({ kind: 'mine' }, t('views:mine')),
    ...perInbox('unassigned', t('views:unassigned')),
    ...(leads(user) ? perInbox('inbox', t('views:all')) : []),
  ];
}

function conversationEntry({ words: { t }, navigate }: AreaContext, row: ConversationRowDto): PaletteEntry {
  const about = [row.number, row.subject ?? row.lastMessage?.preview].filter(Boolean).join(' · ');
  return {
    id: `conversation.${row.id}`,
    label: row.contact.name || t('common:person.contact'),
    hint: about,
    group: t('shell:group.conversations'),
    icon: 'reply',
    run: () => navigate(`/inbox/${row.id}`),
  };
}
