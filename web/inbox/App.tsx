import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { createBrowserRouter, Navigate, RouterProvider, useRoutes } from 'react-router';
import { publicApi } from './api/auth.js';
import { ApiFailure } from './api/failure.js';
import { Session, SESSION_KEY } from './api/session.js';
import { AppProvider } from './AppProvider.js';
import { AREAS } from './areas.js';
import { Shell } from './components/Shell.js';
import { SessionContext } from './hooks/app-context.js';
import { useStore } from './hooks/use-store.js';
import { usableAreas } from './logic/areas.js';

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

/** Only a router of this kind can hold somebody back who has not saved; the pages themselves are those of the areas. */
const router = createBrowserRouter([{ path: '*', element: <Pages /> }]);

/** The areas and who may see them. */
export function App() {
  useEffect(() => {
    const reread = (event: StorageEvent): void => {
      if (event.key === SESSION_KEY || event.key === null) session.reread();
    };
    window.addEventListener('storage', reread);
    return () => window.removeEventListener('storage', reread);
  }, []);
  return <RouterProvider router={router} />;
}

function Pages() {
  const data = useStore(session.data);
  return (
    <SessionContext.Provider value={session}>
      {data === null ? (
        <PublicPages />
      ) : (
        <AppProvider key={data.user.id} session={session} user={data.user} newQueryClient={newQueryClient}>
          <Shell areas={AREAS} />
        </AppProvider>
      )}
    </SessionContext.Provider>
  );
}

function PublicPages() {
  const [queryClient] = useState(newQueryClient);
  const routes = usableAreas(AREAS, null).flatMap((area) => area.routes);
  const page = useRoutes([...routes, { path: '*', element: <Navigate to="/login" replace /> }]);
  return (
    <QueryClientProvider client={queryClient}>
      <Suspense>{page}</Suspense>
    </QueryClientProvider>
  );
}
