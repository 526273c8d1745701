import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { conversationsApi, type ConversationsApi } from '../api/conversations.js';
import { appendPage, replaceRows, sameNext, type ListState } from '../logic/list-state.js';
import { viewKey } from '../logic/view.js';
import { queryKeys, type InboxCache } from '../stores/inbox-cache.js';
import { useApi, useApp } from './app-context.js';

const PAGE = 50;

/** The rows of a view, kept in step with the server while it is on screen, and what loads more of them. */
export function useConversationList(view: ListView) {
  const { live } = useApp();
  const api = useApi(conversationsApi);
  const key = viewKey(view);
  const query = useQuery({
    queryKey: queryKeys.list(view),
    queryFn: async () => {
      const page = await api.list(view, null, PAGE);
      live.cache.setCounts(page.counts);
      return replaceRows(live.cache.list(view), page.items, page.cursor);
    },
  });
  const viewRef = useRef(view);
  useEffect(() => {
    viewRef.current = view;
  });
  useEffect(() => live.catchUp.watchList(viewRef.current), [live, key]);
  useEffect(() => {
    if (query.isSuccess) live.catchUp.listLoaded();
  }, [live, key, query.isSuccess]);

  const [moreFailedIn, setMoreFailedIn] = useState<string | null>(null);
  const loading = useRef(false);
  const loadMore = useCallback(async () => {
    if (loading.current) return;
    loading.current = true;
    setMoreFailedIn(null);
    const at = viewRef.current;
    try {
      while (!(await loadOnePage(api, live.cache, at))) continue;
    } catch {
      setMoreFailedIn(viewKey(at));
    } finally {
      loading.current = false;
    }
  }, [api, live]);

  return { query, loadMore, moreFailed: moreFailedIn === key };
}

/**
 * Loads what follows, if anything does. False: a catch-up has moved the end of the list meanwhile, the page fits nowhere and
 * another one is needed.
 */
async function loadOnePage(api: ConversationsApi, cache: InboxCache, view: ListView): Promise<boolean> {
  const state = cache.list(view);
  if (state === undefined || state.next.kind === 'end') return true;
  const change = await readMore(api, view, state);
  const latest = cache.list(view);
  if (latest === undefined) return true;
  const fits = sameNext(latest.next, state.next);
  if (fits) cache.updateList(view, change);
  return fits;
}

/** Fetches what follows the loaded rows; from the top where the cursor is no longer good. */
async function readMore(
  api: ConversationsApi,
  view: ListView,
  state: ListState,
): Promise<(latest: ListState) => ListState> {
  if (state.next.kind === 'cursor') {
    const page = await api.list(view, state.next.cursor, PAGE);
    return (latest) => appendPage(latest, page);
  }
  const rows: ConversationRowDto[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ConversationsApi['list']>> = await api.list(view, cursor, LIMITS.listPage);
    rows.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null && rows.length <= state.rows.length);
  return (latest) => replaceRows(latest, rows, cursor);
}
