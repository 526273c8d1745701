import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { answerSince, type ThreadState } from '../logic/thread-state.js';
import { senderName } from '../logic/names.js';
import { clockTime } from '../logic/time.js';
import classes from './StaleDialog.module.css';

interface StaleDialogProps {
  state: ThreadState;
  onKeepEditing: (itemId: string) => void;
}

/** A colleague answered while the reader was writing: shows the answer and asks what to do. */
export function StaleDialog({ state, onKeepEditing }: StaleDialogProps) {
  const { t, i18n } = useTranslation(['composer', 'message']);
  const { live, user } = useApp();
  const item = useStore(live.outbox.items).find(
    (held) => held.state === 'stale' && held.conversationId === state.conversation.id,
  );
  if (item === undefined) return null;
  const answer = answerSince(state, item.lastSeenRev, user.id);
  return (
    <Modal
      opened
      onClose={() => onKeepEditing(item.id)}
      title={t('stale.title')}
      closeButtonProps={{ 'aria-label': t('stale.keepEditing') }}
    >
      <Stack>
        <Text size="sm">{answer === null ? t('stale.unknown') : t('stale.lead')}</Text>
        {answer !== null && (
          <blockquote className={classes.quote}>
            <span className={classes.who}>
              {t('message:from', { name: senderName(i18n, answer.sender), time: clockTime(i18n, answer.orderAt) })}
            </span>
            <bdi>{answer.text ?? answer.attachments.map(({ name }) => name).join(', ')}</bdi>
          </blockquote>
        )}
        <blockquote className={classes.quote} data-own>
          <span className={classes.who}>{t('stale.yours')}</span>
          <bdi>{item.text || item.attachments.map(({ name }) => name).join(', ')}</bdi>
        </blockquote>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => live.outbox.force(item.id)}>
            {t('stale.sendAnyway')}
          </Button>
          <Button data-autofocus onClick={() => onKeepEditing(item.id)}>
            {t('stale.keepEditing')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
