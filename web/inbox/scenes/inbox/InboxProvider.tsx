import { notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserDto } from '../../../../src/shared/schemas/user.js';
import { createStaffApi } from '../../api/endpoints.js';
import { refusalOf } from '../../api/failure.js';
import { HttpClient } from '../../api/http.js';
import type { Session } from '../../api/session.js';
import { createAgentSocket } from '../../api/socket.js';
import { uploadFile } from '../../api/upload.js';
import type { Words } from '../../i18n/instance.js';
import { InboxContext, type Inbox } from '../../hooks/inbox-context.js';
import { DraftStore } from '../../logic/drafts.js';
import { newId } from '../../logic/new-id.js';
import { contactName } from '../../logic/names.js';
import { onTheWay } from '../../logic/outbox.js';
import { refusalText } from '../../logic/refusal.js';
import { InboxLive } from '../../stores/inbox-live.js';
import { UploadTray } from '../../stores/upload-tray.js';

interface InboxProviderProps {
  session: Session;
  user: UserDto;
  newQueryClient: () => QueryClient;
  children: ReactNode;
}

/** Brings the logged-in inbox to life and takes it down at log-out. */
export function InboxProvider({ session, user, newQueryClient, children }: InboxProviderProps) {
  const { i18n } = useTranslation();
  const [queryClient] = useState(newQueryClient);
  const [parts] = useState(() => createInbox(session, queryClient, user, i18n));
  const inbox = useMemo(() => ({ ...parts, user }), [parts, user]);

  useEffect(() => {
    const { live } = parts;
    live.start();
    refreshUser(parts.api, session);
    const stopWatching = watchBrowser(live);
    return () => {
      stopWatching();
      live.stop();
    };
  }, [parts, session]);

  return (
    <QueryClientProvider client={queryClient}>
      <InboxContext.Provider value={inbox}>{children}</InboxContext.Provider>
    </QueryClientProvider>
  );
}

function createInbox(session: Session, queryClient: QueryClient, user: UserDto, words: Words): Omit<Inbox, 'user'> {
  const http = new HttpClient(session, (url, init) => fetch(url, init));
  const api = createStaffApi(http);
  const live: InboxLive = new InboxLive(
    { connection: createAgentSocket(session), api, queryClient, reader: user, storage: sessionStorage },
    {
      onRemoved: (known) => {
        if (known === undefined) return;
        notifications.show({
          message: words.t('thread:removed', { number: known.number, name: contactName(words, known.contact) }),
        });
      },
      onScopeChanged: () => refreshUser(api, session),
      onHeldBack: (item, outcome) => {
        if (live.openId === item.conversationId) return;
        const name = contactName(words, live.cache.thread(item.conversationId)?.conversation.contact ?? { name: '' });
        const reason = outcome.kind === 'refused' ? refusalText(words, outcome.error) : words.t('composer:stale.title');
        notifications.show({ color: 'red', autoClose: false, message: words.t('message:heldBack', { name, reason }) });
      },
    },
  );
  const trays = new Map<string, UploadTray<File>>();
  const newTray = (): UploadTray<File> =>
    new UploadTray<File>({
      upload: (file, onProgress, signal) => uploadFile(http, file, onProgress, signal),
      describe: refusalOf,
      newId,
    });
  const trayOf = (conversationId: string): UploadTray<File> => {
    const tray = trays.get(conversationId) ?? newTray();
    trays.set(conversationId, tray);
    return tray;
  };
  return { session, api, live, drafts: new DraftStore(localStorage, user.id), trayOf };
}

/** Until this answers the stored role decides what is offered; what is done the server decides anyway. */
function refreshUser(api: Inbox['api'], session: Session): void {
  api.me().then(
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
