import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { publicApi } from './api/endpoints.js';
import { ApiFailure } from './api/failure.js';
import { Session, SESSION_KEY } from './api/session.js';
import { useStore } from './hooks/use-store.js';
import { InboxProvider } from './scenes/inbox/InboxProvider.js';
import { InboxScene } from './scenes/inbox/InboxScene.js';
import { LoginScene } from './scenes/login/LoginScene.js';
import { SetupScene } from './scenes/setup/SetupScene.js';

const session = new Session({
  storage: localStorage,
  refresh: publicApi.refresh,
  // Browsers offer locks on secure origins only; elsewhere tabs rely on reading each other's tokens first.
  exclusively: (run) => ('locks' in navigator ? navigator.locks.request(SESSION_KEY, run) : run()),
});

const retryable = (error: unknown): boolean =>
  error instanceof ApiFailure && (error.status === 0 || error.status >= 500);

const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // Socket events and catch-up keep the cache in step.
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && retryable(error),
      },
    },
  });

/** The pages of the inbox and who may see them. */
export function App() {
  const data = useStore(session.data);
  useEffect(() => {
    const reread = (event: StorageEvent): void => {
      if (event.key === SESSION_KEY || event.key === null) session.reread();
    };
    window.addEventListener('storage', reread);
    return () => window.removeEventListener('storage', reread);
  }, []);

  return (
    <BrowserRouter>
      {data === null ? (
        <PublicPages />
      ) : (
        <InboxProvider key={data.user.id} session={session} user={data.user} newQueryClient={newQueryClient}>
          <Routes>
            <Route path="/inbox" element={<InboxScene />} />
            <Route path="/inbox/:conversationId" element={<InboxScene />} />
            <Route path="*" element={<Navigate to="/inbox" replace />} />
          </Routes>
        </InboxProvider>
      )}
    </BrowserRouter>
  );
}

function PublicPages() {
  const [queryClient] = useState(newQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <Routes>
        <Route path="/setup" element={<SetupScene session={session} />} />
        <Route path="/login" element={<LoginScene session={session} />} />
        <Route path="*" element={<Navigate to="/login" replace />} />
      </Routes>
    </QueryClientProvider>
  );
}
