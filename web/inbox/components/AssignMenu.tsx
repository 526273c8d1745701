import { Button, Menu, ScrollArea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { conversationsApi } from '../api/conversations.js';
import { messageOf } from '../api/failure.js';
import { useApi, useApp } from '../hooks/app-context.js';
import { useInboxes } from '../hooks/use-inboxes.js';
import { useUsers } from '../hooks/use-users.js';
import { assignableUsers, mayAccept, mayWork } from '../logic/permissions.js';
import { Icon } from './Icon.js';

/** Takes a waiting conversation, or hands it to somebody else. */
export function AssignMenu({ conversation }: { conversation: ConversationRowDto }) {
  const { t, i18n } = useTranslation('conversation');
  const { live, user } = useApp();
  const api = useApi(conversationsApi);
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState(false);
  const users = useUsers(opened);
  const inboxes = useInboxes();
  const { assignee } = conversation;
  const holder = assignee?.id === user.id ? t('toMe') : assignee?.name;
  const mayHandOver = mayWork(user, conversation) && conversation.status !== 'closed';

  const assign = async (to: string | null): Promise<void> => {
    setBusy(true);
    try {
      live.applyConversation((await api.assign(conversation.id, to)).conversation);
    } catch (error) {
      notifications.show({ color: 'red', title: t('assignFailed'), message: messageOf(i18n, error) });
    } finally {
      setBusy(false);
    }
  };

  const inbox = inboxes.data?.items.find(({ id }) => id === conversation.inbox.id);
  const colleagues = assignableUsers(users.data?.items ?? [], inbox).filter(
    ({ id }) => id !== user.id && id !== assignee?.id,
  );
  return (
    <>
      {mayAccept(conversation) && (
        <Button size="xs" loading={busy} onClick={() => void assign(user.id)}>
          {t('accept')}
        </Button>
      )}
      {mayHandOver && (
        <Menu position="bottom-end" width={220} opened={opened} onChange={setOpened}>
          <Menu.Target>
            <Button
              variant="default"
              size="xs"
              loading={busy}
              rightSection={<Icon name="chevron" size={14} />}
              aria-label={holder === undefined ? t('assign') : t('heldBy', { name: holder })}
            >
              {holder === undefined ? t('assign') : <bdi>{holder}</bdi>}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('assignTo')}</Menu.Label>
            <ScrollArea.Autosize mah={300}>
              {assignee?.id !== user.id && <Menu.Item onClick={() => void assign(user.id)}>{t('toMe')}</Menu.Item>}
              {colleagues.map(({ id, name }) => (
                <Menu.Item key={id} onClick={() => void assign(id)}>
                  <bdi>{name}</bdi>
                </Menu.Item>
              ))}
              {users.isError && <Menu.Item disabled>{messageOf(i18n, users.error)}</Menu.Item>}
              {users.isSuccess && colleagues.length === 0 && <Menu.Item disabled>{t('noColleagues')}</Menu.Item>}
            </ScrollArea.Autosize>
            {assignee !== null && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => void assign(null)}>{t('unassign')}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
