import { notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserDto } from '../../src/shared/schemas/user.js';
import { readMe } from './api/auth.js';
import { conversationsApi } from './api/conversations.js';
import { HttpClient } from './api/http.js';
import type { Session } from './api/session.js';
import { createAgentSocket } from './api/socket.js';
import { AppContext, type App } from './hooks/app-context.js';
import type { Words } from './i18n/instance.js';
import { contactName } from './logic/names.js';
import { onTheWay } from './logic/outbox.js';
import { refusalText } from './logic/refusal.js';
import { CommandRegistry } from './stores/command-registry.js';
import { InboxLive } from './stores/inbox-live.js';
import { Preferences } from './stores/preferences.js';

interface AppProviderProps {
  session: Session;
  user: UserDto;
  newQueryClient: () => QueryClient;
  children: ReactNode;
}

/** Brings the logged-in app to life and takes it down at log-out. */
export function AppProvider({ session, user, newQueryClient, children }: AppProviderProps) {
  const { i18n } = useTranslation();
  const [queryClient] = useState(newQueryClient);
  const [parts] = useState(() => createApp(session, queryClient, user, i18n));
  const app = useMemo(() => ({ ...parts, user }), [parts, user]);

  useEffect(() => {
    const { live } = parts;
    live.start();
    refreshUser(parts.http, session);
    const stopWatching = watchBrowser(live);
    return () => {
      stopWatching();
      live.stop();
    };
  }, [parts, session]);

  return (
    <QueryClientProvider client={queryClient}>
      <AppContext.Provider value={app}>{children}</AppContext.Provider>
    </QueryClientProvider>
  );
}

function createApp(session: Session, queryClient: QueryClient, user: UserDto, words: Words): Omit<App, 'user'> {
  const http = new HttpClient(session, (url, init) => fetch(url, init));
  const connection = createAgentSocket(session);
  const live: InboxLive = new InboxLive(
    { connection, api: conversationsApi(http), queryClient, reader: user, storage: sessionStorage },
    {
      onRemoved: (known) => {
        if (known === undefined) return;
        notifications.show({
          message: words.t('thread:removed', { number: known.number, name: contactName(words, known.contact) }),
        });
      },
      onScopeChanged: () => refreshUser(http, session),
      onHeldBack: (item, outcome) => {
        if (live.openId === item.conversationId) return;
        const name = contactName(words, live.cache.thread(item.conversationId)?.conversation.contact ?? { name: '' });
        const reason = outcome.kind === 'refused' ? refusalText(words, outcome.error) : words.t('composer:stale.title');
        notifications.show({ color: 'red', autoClose: false, message: words.t('message:heldBack', { name, reason }) });
      },
    },
  );
  const { socket } = connection;
  const preferences = new Preferences(localStorage, user.id);
  return { session, http, socket, live, commands: new CommandRegistry(), preferences };
}

/** Until this answers the stored role decides what is offered; what is done the server decides anyway. */
function refreshUser(http: HttpClient, session: Session): void {
  readMe(http).then(
    ({ user }) => session.setUser(user),
    () => undefined,
  );
}

/** Follows the network, and asks before a page is left while messages have not left. */
function watchBrowser(live: InboxLive): () => void {
  const online = (): void => live.networkChanged(true);
  const offline = (): void => live.networkChanged(false);
  const leaving = (event: BeforeUnloadEvent): void => {
    if (onTheWay(live.outbox.items.get()) > 0) event.preventDefault();
  };
  window.addEventListener('online', online);
  window.addEventListener('offline', offline);
  window.addEventListener('beforeunload', leaving);
  return () => {
    window.removeEventListener('online', online);
    window.removeEventListener('offline', offline);
    window.removeEventListener('beforeunload', leaving);
  };
}
