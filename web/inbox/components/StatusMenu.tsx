import { Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationStatus } from '../../../src/shared/conversation-status.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { conversationsApi } from '../api/conversations.js';
import { messageOf } from '../api/failure.js';
import { useApi, useApp } from '../hooks/app-context.js';
import { mayWork, statusMoves } from '../logic/permissions.js';
import { Icon } from './Icon.js';
import { StatusBadge } from './StatusBadge.js';

/** Shows the status and offers the legal moves from it. Closing for good asks first. */
export function StatusMenu({ conversation }: { conversation: ConversationRowDto }) {
  const { t, i18n } = useTranslation(['conversation', 'common']);
  const { live, user } = useApp();
  const api = useApi(conversationsApi);
  const [busy, setBusy] = useState(false);
  const [confirming, confirmation] = useDisclosure(false);
  const moves = mayWork(user, conversation) ? statusMoves(conversation) : [];

  const move = async (to: ConversationStatus): Promise<void> => {
    confirmation.close();
    setBusy(true);
    try {
      live.applyConversation((await api.setStatus(conversation.id, to)).conversation);
    } catch (error) {
      notifications.show({ color: 'red', title: t('statusFailed'), message: messageOf(i18n, error) });
    } finally {
      setBusy(false);
    }
  };

  if (moves.length === 0) return <StatusBadge status={conversation.status} />;
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            loading={busy}
            rightSection={<Icon name="chevron" size={14} />}
            aria-label={t('changeStatus', { status: t(`status.${conversation.status}`) })}
          >
            {t(`status.${conversation.status}`)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('moveTo')}</Menu.Label>
          {moves.map((to) => (
            <Menu.Item key={to} onClick={() => (to === 'closed' ? confirmation.open() : void move(to))}>
              {t(`move.${to}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={confirming}
        onClose={confirmation.close}
        title={t('closeTitle')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{t('closeText')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={confirmation.close}>
              {t('common:cancel')}
            </Button>
            <Button onClick={() => void move('closed')}>{t('move.closed')}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
