import { ActionIcon, Button, Loader, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useCallback, useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { Virtuoso, type Components, type ListRange, type VirtuosoHandle } from 'react-virtuoso';
import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import { messageOf } from '../api/failure.js';
import { useApp } from '../hooks/app-context.js';
import type { useConversationList } from '../hooks/use-conversation-list.js';
import { useInboxes } from '../hooks/use-inboxes.js';
import { useNow } from '../hooks/use-now.js';
import { useStore } from '../hooks/use-store.js';
import type { ListState } from '../logic/list-state.js';
import { isFiltered, unfiltered, viewToQuery } from '../logic/view.js';
import { PARTS } from '../parts.js';
import { ConversationRow } from './ConversationRow.js';
import { Icon } from './Icon.js';
import { LiveIndicator } from './LiveIndicator.js';
import { StateView } from './StateView.js';
import classes from './ConversationList.module.css';

interface ConversationListProps {
  view: ListView;
  list: ReturnType<typeof useConversationList>;
  openId: string | undefined;
  /** Opens the views where they have no room of their own. */
  onMenu: (() => void) | undefined;
}

/** The conversations of a view. */
export function ConversationList({ view, list, openId, onMenu }: ConversationListProps) {
  const { t } = useTranslation(['list', 'views']);
  const navigate = useNavigate();
  const title = useViewTitle(view);
  return (
    <section className={classes.root} aria-label={t('label')}>
      <header className={classes.header}>
        <div className={classes.top}>
          {onMenu && (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('views:menu')} onClick={onMenu}>
              <Icon name="menu" size={22} />
            </ActionIcon>
          )}
          <h1 className={classes.title}>
            <bdi>{title}</bdi>
          </h1>
          <LiveIndicator className={classes.live} />
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('views:openOrDone')}
          value={view.done ? 'done' : 'open'}
          onChange={(value) => void navigate(`/inbox${viewToQuery({ ...view, done: value === 'done' })}`)}
          data={[
            { value: 'open', label: t('views:open') },
            { value: 'done', label: t('views:done') },
          ]}
        />
        {PARTS.map(({ id, Filter }) => Filter && <Filter key={id} view={view} />)}
      </header>
      <ListBody view={view} list={list} openId={openId} />
    </section>
  );
}

function ListBody({ view, list, openId }: Omit<ConversationListProps, 'onMenu'>) {
  const { t, i18n } = useTranslation('list');
  const { live } = useApp();
  const now = useNow(60_000);
  const outbox = useStore(live.outbox.items);
  const { query, loadMore, moreFailed } = list;
  const scroller = useRef<VirtuosoHandle>(null);
  const rows = query.data?.rows;
  const noteRange = useReadOn(query.data, loadMore);
  const rowsRef = useRef(rows);
  useEffect(() => {
    rowsRef.current = rows;
  });
  // Only another conversation scrolls; one that moves within the list does not.
  useEffect(() => {
    const index = rowsRef.current?.findIndex((row) => row.id === openId) ?? -1;
    if (index >= 0) scroller.current?.scrollIntoView({ index });
  }, [openId]);

  if (query.isPending) return <ListSkeleton />;
  if (query.isError || rows === undefined) {
    return (
      <StateView
        icon="alert"
        title={t('failed')}
        hint={messageOf(i18n, query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const heldBack = new Set(
    outbox.filter(({ state }) => state === 'refused' || state === 'stale').map((item) => item.conversationId),
  );
  const suffix = viewToQuery(view);
  if (rows.length === 0 && query.data.next.kind === 'end') return <EmptyList view={view} />;
  return (
    <Virtuoso
      ref={scroller}
      className={classes.scroller}
      data={rows}
      context={{ failed: moreFailed, retry: () => void loadMore(), atEnd: query.data.next.kind === 'end' }}
      components={components}
      computeItemKey={(_, row) => row.id}
      endReached={() => void loadMore()}
      rangeChanged={noteRange}
      increaseViewportBy={300}
      itemContent={(_, row) => (
        <ConversationRow
          row={row}
          open={row.id === openId}
          now={now}
          heldBack={heldBack.has(row.id)}
          to={`/inbox/${row.id}${suffix}`}
        />
      )}
    />
  );
}

/**
 * Reads on when the end is on screen and turns out not to be the end; nobody has to scroll for that. Answers what takes note
 * of the rows on screen.
 */
function useReadOn(state: ListState | undefined, loadMore: () => Promise<void>): (range: ListRange) => void {
  const lastOnScreen = useRef(0);
  useEffect(() => {
    if (state?.next.kind === 'restart' && lastOnScreen.current >= state.rows.length - 1) void loadMore();
  }, [state, loadMore]);
  return useCallback((range: ListRange) => {
    lastOnScreen.current = range.endIndex;
  }, []);
}

interface ListContext {
  failed: boolean;
  retry: () => void;
  atEnd: boolean;
}

const components: Components<ConversationRowDto, ListContext> = {
  Footer: ({ context }) => <ListFooter {...context} />,
};

function ListFooter({ failed, retry, atEnd }: ListContext) {
  const { t } = useTranslation(['list', 'common']);
  if (failed) {
    return (
      <div className={classes.footer} role="alert">
        <Text size="sm">{t('moreFailed')}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          {t('common:tryAgain')}
        </Button>
      </div>
    );
  }
  if (atEnd) return <div className={classes.footer}>{t('end')}</div>;
  return (
    <div className={classes.footer}>
      <Loader size="sm" aria-label={t('common:loading')} />
    </div>
  );
}

function ListSkeleton() {
  const { t } = useTranslation(['list', 'common']);
  return (
    <div className={classes.skeleton} aria-busy="true" aria-label={t('common:loading')} role="status">
      {[72, 56, 64, 48, 68, 52].map((width) => (
        <div className={classes.skeletonRow} key={width}>
          <Skeleton circle h={40} w={40} />
          <div className={classes.skeletonText}>
            <Skeleton h={12} w={`${width}%`} />
            <Skeleton h={10} w="90%" mt={10} />
          </div>
        </div>
      ))}
    </div>
  );
}

function EmptyList({ view }: { view: ListView }) {
  const { t } = useTranslation('list');
  const navigate = useNavigate();
  if (isFiltered(view)) {
    const clear = { label: t('clearFilters'), run: () => void navigate(`/inbox${viewToQuery(unfiltered(view))}`) };
    return <StateView icon="search" title={t('empty.filtered')} action={clear} />;
  }
  if (view.done) return <StateView icon="done" title={t('empty.done')} hint={t('empty.doneHint')} />;
  if (view.kind === 'mine') {
    return <StateView icon="done" title={t('empty.mine')} hint={t('empty.mineHint')} />;
  }
  if (view.kind === 'unassigned') {
    return <StateView icon="done" title={t('empty.unassigned')} hint={t('empty.unassignedHint')} />;
  }
  return <StateView icon="inbox" title={t('empty.inbox')} hint={t('empty.inboxHint')} />;
}

function useViewTitle(view: ListView): string {
  const { t } = useTranslation(['list', 'views']);
  const inboxes = useInboxes();
  if (view.kind === 'mine') return t('views:mine');
  const inbox = inboxes.data?.items.find(({ id }) => id === view.inboxId);
  return inbox?.name ?? (view.kind === 'unassigned' ? t('views:unassigned') : t('views:all'));
}
