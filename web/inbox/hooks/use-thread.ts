import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { conversationsApi } from '../api/conversations.js';
import { openThread, prependPage, refreshThread, type ThreadState } from '../logic/thread-state.js';
import { queryKeys } from '../stores/inbox-cache.js';
import { useApi, useApp } from './app-context.js';

const REFRESH_AT_MOST_EVERY_MS = 30_000;

/** One conversation's thread, kept in step while it is on screen, with what loads older messages. */
export function useThread(id: string) {
  const { live } = useApp();
  const api = useApi(conversationsApi);
  const query = useQuery({
    queryKey: queryKeys.thread(id),
    queryFn: async (): Promise<ThreadState> => {
      const [{ conversation }, page] = await Promise.all([api.get(id), api.messages(id, null)]);
      const held = live.cache.thread(id);
      return held === undefined ? openThread(conversation, page) : refreshThread(held, conversation, page);
    },
  });
  useEffect(() => {
    live.openConversation(id);
    return () => live.openConversation(null);
  }, [live, id]);
  useEffect(() => {
    if (query.isSuccess) live.catchUp.threadLoaded();
  }, [live, id, query.isSuccess]);

  const [older, setOlder] = useState<'idle' | 'loading' | 'failed'>('idle');
  const loading = useRef(false);
  const loadOlder = useCallback(async () => {
    const cursor = live.cache.thread(id)?.olderCursor ?? null;
    if (loading.current || cursor === null) return;
    loading.current = true;
    setOlder('loading');
    try {
      const page = await api.messages(id, cursor);
      live.cache.updateThread(id, (state) => (state.olderCursor === cursor ? prependPage(state, page) : state));
      setOlder('idle');
    } catch {
      setOlder('failed');
    } finally {
      loading.current = false;
    }
  }, [api, live, id]);

  /** Signed addresses of files run out; reading the newest messages again brings new ones. */
  const refreshedAt = useRef(0);
  const { refetch } = query;
  const refreshFiles = useCallback(() => {
    if (Date.now() - refreshedAt.current < REFRESH_AT_MOST_EVERY_MS) return;
    refreshedAt.current = Date.now();
    void refetch();
  }, [refetch]);

  return { query, older, loadOlder, refreshFiles };
}
