import { Button, Drawer, Skeleton } from '@mantine/core';
import { useDisclosure, useDocumentTitle, useMediaQuery } from '@mantine/hooks';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isGone, messageOf } from '../api/failure.js';
import { useCommands } from '../hooks/use-commands.js';
import { useComposer } from '../hooks/use-composer.js';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { useThread } from '../hooks/use-thread.js';
import type { ComposerMode } from '../logic/drafts.js';
import { contactName } from '../logic/names.js';
import type { ThreadState } from '../logic/thread-state.js';
import { Composer } from './Composer.js';
import { ContactPanel } from './ContactPanel.js';
import { LiveIndicator } from './LiveIndicator.js';
import { MessageList } from './MessageList.js';
import { StaleDialog } from './StaleDialog.js';
import { StateView } from './StateView.js';
import { ThreadHeader } from './ThreadHeader.js';
import { TypingLine } from './TypingLine.js';
import classes from './ThreadPane.module.css';

interface ThreadPaneProps {
  id: string;
  onLeave: () => void;
}

/** One conversation: header, messages, composer, contact. */
export function ThreadPane({ id, onLeave }: ThreadPaneProps) {
  const { t, i18n } = useTranslation(['thread', 'common']);
  const thread = useThread(id);
  const { data, isError, error, refetch } = thread.query;
  if (data !== undefined) return <LoadedThread thread={thread} state={data} onLeave={onLeave} />;
  if (!isError) return <ThreadSkeleton />;
  if (isGone(error)) {
    return (
      <div className={classes.root}>
        <StateView icon="inbox" title={t('gone')} hint={t('goneHint')} />
        <Button variant="default" className={classes.leave} onClick={onLeave}>
          {t('common:backToList')}
        </Button>
      </div>
    );
  }
  return <StateView icon="alert" title={t('failed')} hint={messageOf(i18n, error)} onRetry={() => void refetch()} />;
}

interface LoadedThreadProps {
  thread: ReturnType<typeof useThread>;
  state: ThreadState;
  onLeave: () => void;
}

function LoadedThread({ thread, state, onLeave }: LoadedThreadProps) {
  const { t, i18n } = useTranslation(['thread', 'common', 'contact']);
  const { conversation } = state;
  const { live } = useApp();
  const composer = useComposer(conversation.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const panelFits = useMediaQuery('(min-width: 75em)') ?? false;
  const [panelOpen, panel] = useDisclosure(false);
  const status = useStore(live.catchUp.status);
  useDocumentTitle(`${contactName(i18n, conversation.contact)} · ${t('common:product')}`);

  const write = (mode: ComposerMode): void => {
    composer.setMode(mode);
    // The field may be replaced by the change of mode; it takes the focus once it is there.
    requestAnimationFrame(() => field.current?.focus());
  };
  useCommands([
    { id: 'inbox.reply', run: () => write('reply') },
    { id: 'inbox.note', run: () => write('note') },
  ]);

  return (
    <div className={classes.root} data-panel={panelFits || undefined}>
      <div className={classes.main}>
        <ThreadHeader conversation={conversation} onBack={onLeave} onContact={panelFits ? undefined : panel.open} />
        {status === 'offline' && (
          <div className={classes.offline}>
            <LiveIndicator />
          </div>
        )}
        <MessageList
          thread={thread}
          state={state}
          onReply={(replyTo) => {
            composer.setReplyTo(replyTo);
            write('reply');
          }}
          onTakeBack={composer.takeBack}
        />
        <TypingLine conversation={conversation} />
        <Composer composer={composer} conversation={conversation} field={field} />
        <StaleDialog state={state} onKeepEditing={composer.takeBack} />
      </div>
      {panelFits ? (
        <aside className={classes.panel} aria-label={t('contactPanel')}>
          <ContactPanel conversation={conversation} />
        </aside>
      ) : (
        <Drawer
          opened={panelOpen}
          onClose={panel.close}
          position="right"
          size={360}
          title={t('contactPanel')}
          closeButtonProps={{ 'aria-label': t('common:close') }}
        >
          <ContactPanel conversation={conversation} />
        </Drawer>
      )}
    </div>
  );
}

function ThreadSkeleton() {
  const { t } = useTranslation(['thread', 'common']);
  return (
    <div className={classes.skeleton} role="status" aria-busy="true" aria-label={t('common:loading')}>
      <Skeleton h={48} />
      <div className={classes.skeletonBody}>
        <Skeleton h={54} w="46%" radius="lg" />
        <Skeleton h={36} w="34%" radius="lg" />
        <Skeleton h={54} w="50%" radius="lg" ml="auto" />
        <Skeleton h={36} w="28%" radius="lg" />
        <Skeleton h={72} w="42%" radius="lg" ml="auto" />
      </div>
      <Skeleton h={96} />
    </div>
  );
}
