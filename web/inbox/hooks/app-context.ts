import { createContext, useContext, useMemo } from 'react';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { HttpClient } from '../api/http.js';
import type { Session } from '../api/session.js';
import type { AgentSocket } from '../api/socket.js';
import type { CommandRegistry } from '../stores/command-registry.js';
import type { InboxLive } from '../stores/inbox-live.js';
import type { Preferences } from '../stores/preferences.js';

/** What every area of the logged-in app works with. */
export interface App {
  user: UserDto;
  session: Session;
  http: HttpClient;
  socket: AgentSocket;
  live: InboxLive;
  commands: CommandRegistry;
  preferences: Preferences;
}

export const AppContext = createContext<App | null>(null);

/** The logged-in app around a component. Throws where nobody is logged in. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp needs the AppProvider around it');
  return app;
}

/** The calls of one file under `api/`, in the reader's name: `useApi(usersApi)`. */
export function useApi<T>(create: (http: HttpClient) => T): T {
  const { http } = useApp();
  return useMemo(() => create(http), [create, http]);
}

/** The browser's session on pages that are shown to everybody. Throws outside of the app. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession needs the app around it');
  return session;
}

export const SessionContext = createContext<Session | null>(null);
