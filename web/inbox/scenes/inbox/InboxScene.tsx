import { Drawer } from '@mantine/core';
import { useDisclosure, useDocumentTitle, useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useTranslation } from 'react-i18next';
import { ConversationList } from '../../components/ConversationList.js';
import { StateView } from '../../components/StateView.js';
import { ThreadPane } from '../../components/ThreadPane.js';
import { ViewNav } from '../../components/ViewNav.js';
import { useApp } from '../../hooks/app-context.js';
import { useConversationList } from '../../hooks/use-conversation-list.js';
import { useCommands } from '../../hooks/use-commands.js';
import { useStore } from '../../hooks/use-store.js';
import { neighbour } from '../../logic/list-state.js';
import { viewFromQuery, viewToQuery } from '../../logic/view.js';
import classes from './InboxScene.module.css';

/** The three panes: views and list, thread, contact. On a phone one at a time. */
export function InboxScene() {
  const { t } = useTranslation(['thread', 'common', 'views']);
  const { conversationId } = useParams();
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const view = useMemo(() => viewFromQuery(query), [query]);
  const list = useConversationList(view);
  const [navOpen, nav] = useDisclosure(false);
  const navFits = useMediaQuery('(min-width: 64em)') ?? false;
  useDocumentTitle(t('common:product'));

  const suffix = viewToQuery(view);
  const rows = list.query.data?.rows ?? [];
  const goTo = (id: string | undefined): void => {
    if (id !== undefined) void navigate(`/inbox/${id}${suffix}`);
  };
  const leave = (): void => void navigate(`/inbox${suffix}`);
  useLeaveRemoved(conversationId, leave);
  useCommands([
    { id: 'inbox.next', run: () => goTo(neighbour(rows, conversationId, 1)?.id) },
    { id: 'inbox.previous', run: () => goTo(neighbour(rows, conversationId, -1)?.id) },
    { id: 'inbox.leave', when: () => conversationId !== undefined, run: leave },
  ]);

  return (
    <div
      className={classes.root}
      data-pane={conversationId === undefined ? 'list' : 'thread'}
      data-fills-phone={conversationId !== undefined || undefined}
    >
      <a className="sb-skip" href="#conversation">
        {t('common:skipToConversation')}
      </a>
      {navFits ? (
        <div className={classes.nav}>
          <ViewNav view={view} />
        </div>
      ) : (
        <Drawer
          opened={navOpen}
          onClose={nav.close}
          size={280}
          title={t('views:label')}
          closeButtonProps={{ 'aria-label': t('common:close') }}
          classNames={{ body: classes.drawer ?? '' }}
        >
          <ViewNav view={view} onChosen={nav.close} />
        </Drawer>
      )}
      <main className={classes.panes}>
        <div className={classes.list}>
          <ConversationList view={view} list={list} openId={conversationId} onMenu={navFits ? undefined : nav.open} />
        </div>
        <div className={classes.thread} id="conversation" tabIndex={-1}>
          {conversationId === undefined ? (
            <StateView icon="inbox" title={t('choose')} hint={t('chooseHint')} />
          ) : (
            <ThreadPane key={conversationId} id={conversationId} onLeave={leave} />
          )}
        </div>
      </main>
    </div>
  );
}

/** Leaves the conversation on screen when it is taken away from the reader. */
function useLeaveRemoved(openId: string | undefined, leave: () => void): void {
  const { live } = useApp();
  const removedId = useStore(live.removedId);
  useEffect(() => {
    if (removedId === null || removedId !== openId) return;
    live.removedId.set(null);
    leave();
  });
}
