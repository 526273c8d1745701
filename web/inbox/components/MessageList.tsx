import { Button, Loader, Text, VisuallyHidden } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Virtuoso, type Components, type VirtuosoHandle } from 'react-virtuoso';
import { useTranslation } from 'react-i18next';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import { useApp } from '../hooks/app-context.js';
import { useNow } from '../hooks/use-now.js';
import { useStore } from '../hooks/use-store.js';
import type { useThread } from '../hooks/use-thread.js';
import type { OutboxItem } from '../logic/outbox.js';
import { buildThreadRows, firstIndexFor, rowsAfter, type ThreadRow } from '../logic/thread-rows.js';
import { visibleMessages, type ThreadState } from '../logic/thread-state.js';
import { contactName } from '../logic/names.js';
import { dayLabel } from '../logic/time.js';
import { Icon } from './Icon.js';
import { Lightbox, useLightbox } from './Lightbox.js';
import { MessageRow } from './MessageRow.js';
import { PendingBubble } from './PendingBubble.js';
import { Time } from './Time.js';
import classes from './MessageList.module.css';

interface MessageListProps {
  thread: ReturnType<typeof useThread>;
  state: ThreadState;
  onReply: (to: NonNullable<OutboxItem['replyTo']>) => void;
  onTakeBack: (itemId: string) => void;
}

/** Far enough from zero that history can grow upwards. */
const FIRST_INDEX = 1_000_000;

/** The messages of a thread, older ones loaded on the way up. */
export function MessageList({ thread, state, onReply, onTakeBack }: MessageListProps) {
  const { t, i18n } = useTranslation('thread');
  const { live, user } = useApp();
  const { conversation } = state;
  const outbox = useStore(live.outbox.items);
  const now = useNow(60_000);
  const lightbox = useLightbox();
  const scroller = useRef<VirtuosoHandle>(null);
  const [atBottom, setAtBottom] = useState(true);
  const messages = useMemo(() => visibleMessages(state), [state]);
  const pending = useMemo(
    () => outbox.filter((item) => item.conversationId === conversation.id),
    [outbox, conversation.id],
  );
  const rows = useMemo(() => buildThreadRows(messages, pending, user.id), [messages, pending, user.id]);
  const [anchor, setAnchor] = useState<string | null>(rows[0]?.key ?? null);
  if (anchor === null && rows[0] !== undefined) setAnchor(rows[0].key);

  const missed = useMissed(rows, atBottom);
  useReading(conversation.id, rows, atBottom);
  useFollowOwn(scroller, pending.length);

  const toNewest = (): void => scroller.current?.scrollToIndex({ index: 'LAST', align: 'end' });
  return (
    <div className={classes.root}>
      <Announcer rows={rows} name={contactName(i18n, conversation.contact)} />
      {rows.length === 0 ? (
        <Text className={classes.empty}>{t('empty')}</Text>
      ) : (
        <Virtuoso
          ref={scroller}
          className={classes.scroller}
          aria-label={t('messages')}
          data-own-arrows
          data={rows}
          context={{ older: thread.older, retry: () => void thread.loadOlder(), complete: state.olderCursor === null }}
          components={components}
          firstItemIndex={firstIndexFor(rows, anchor, FIRST_INDEX)}
          initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
          alignToBottom
          followOutput={(bottom) => (bottom ? 'auto' : false)}
          atBottomThreshold={60}
          atBottomStateChange={setAtBottom}
          startReached={() => void thread.loadOlder()}
          increaseViewportBy={500}
          computeItemKey={(_, row) => row.key}
          itemContent={(_, row) => (
            <RowFrame row={row} now={now}>
              {row.kind === 'pending' ? (
                <PendingBubble item={row.item} onTakeBack={onTakeBack} />
              ) : (
                <MessageRow
                  message={row.message}
                  continues={row.continues}
                  conversation={conversation}
                  onReply={onReply}
                  onOpenImage={(id) => lightbox.open(id)}
                  onFileGone={thread.refreshFiles}
                />
              )}
            </RowFrame>
          )}
        />
      )}
      {!atBottom && (
        <Button
          className={classes.jump}
          size="xs"
          radius="xl"
          variant={missed > 0 ? 'filled' : 'default'}
          leftSection={<Icon name="down" size={14} />}
          onClick={toNewest}
        >
          {missed > 0 ? t('newBelow', { count: missed }) : t('newest')}
        </Button>
      )}
      <Lightbox lightbox={lightbox} messages={messages} />
    </div>
  );
}

/** A row with the heading of the day that it starts. */
function RowFrame({ row, now, children }: { row: ThreadRow; now: number; children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <div className={classes.row} data-continues={row.continues || undefined}>
      {row.startsDay && (
        <div className={classes.day} role="separator">
          <Time at={row.at}>{dayLabel(i18n, row.at, now)}</Time>
        </div>
      )}
      {children}
    </div>
  );
}

interface ThreadContext {
  older: 'idle' | 'loading' | 'failed';
  retry: () => void;
  complete: boolean;
}

const components: Components<ThreadRow, ThreadContext> = {
  Header: ({ context }) => <ThreadTop {...context} />,
  Footer: () => <div className={classes.footer} />,
};

function ThreadTop({ older, retry, complete }: ThreadContext) {
  const { t } = useTranslation(['thread', 'common']);
  return (
    <div className={classes.header}>
      {complete && t('start')}
      {!complete && older !== 'failed' && <Loader size="sm" aria-label={t('common:loading')} />}
      {older === 'failed' && (
        <>
          {t('olderFailed')}
          <Button size="xs" variant="default" onClick={retry}>
            {t('common:tryAgain')}
          </Button>
        </>
      )}
    </div>
  );
}

/** How many messages came below while the reader was further up. */
function useMissed(rows: readonly ThreadRow[], atBottom: boolean): number {
  const lastKey = rows.at(-1)?.key ?? null;
  const [seenKey, setSeenKey] = useState(lastKey);
  if (atBottom && seenKey !== lastKey) setSeenKey(lastKey);
  return atBottom ? 0 : rowsAfter(rows, seenKey);
}

/** Marks as read what is really looked at: the newest message on screen in a visible window. */
function useReading(id: string, rows: readonly ThreadRow[], atBottom: boolean): void {
  const { live } = useApp();
  const visibility = useDocumentVisibility();
  useEffect(() => {
    if (atBottom && visibility === 'visible') void live.markRead(id);
  }, [live, id, rows, atBottom, visibility]);
}

/** One's own new message is always shown. */
function useFollowOwn(scroller: React.RefObject<VirtuosoHandle | null>, pending: number): void {
  const before = useRef(pending);
  useEffect(() => {
    if (pending > before.current) scroller.current?.scrollToIndex({ index: 'LAST', align: 'end' });
    before.current = pending;
  }, [scroller, pending]);
}

/** Reads new messages of the customer to those who listen. */
function Announcer({ rows, name }: { rows: readonly ThreadRow[]; name: string }) {
  const { t } = useTranslation(['thread', 'attachment']);
  const last = rows.at(-1);
  const [firstKey] = useState(last?.key);
  const message = last?.kind === 'message' && last.key !== firstKey ? last.message : null;
  const kindOf = ({ attachments }: MessageDto): string => t(`attachment:kind.${attachments[0]?.kind ?? 'file'}`);
  return (
    <VisuallyHidden role="log" aria-live="polite">
      {message?.sender.type === 'contact' && t('newMessageFrom', { name, text: message.text ?? kindOf(message) })}
    </VisuallyHidden>
  );
}
