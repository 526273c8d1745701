import { Button, Menu, ScrollArea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ConversationRowDto } from '../../../src/shared/dto.js';
import { conversationsApi } from '../api/conversations.js';
import { messageOf } from '../api/failure.js';
import { useApi, useApp } from '../hooks/app-context.js';
import { useInboxes } from '../hooks/use-inboxes.js';
import { useUsers } from '../hooks/use-users.js';
import { assignableUsers, mayAccept, mayWork } from '../logic/permissions.js';
import { strings } from '../strings.js';
import { Icon } from './Icon.js';

/** Takes a waiting conversation, or hands it to somebody else. */
export function AssignMenu({ conversation }: { conversation: ConversationRowDto }) {
  const { live, user } = useApp();
  const api = useApi(conversationsApi);
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState(false);
  const users = useUsers(opened);
  const inboxes = useInboxes();
  const { assignee } = conversation;
  const holder = assignee?.id === user.id ? strings.header.toMe : assignee?.name;
  const mayHandOver = mayWork(user, conversation) && conversation.status !== 'closed';

  const assign = async (to: string | null): Promise<void> => {
    setBusy(true);
    try {
      live.applyConversation((await api.assign(conversation.id, to)).conversation);
    } catch (error) {
      notifications.show({ color: 'red', title: strings.header.assignFailed, message: messageOf(error) });
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
          {strings.header.accept}
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
              aria-label={holder === undefined ? strings.header.assign : strings.header.assigned(holder)}
            >
              {holder ?? strings.header.assign}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{strings.header.assignTo}</Menu.Label>
            <ScrollArea.Autosize mah={300}>
              {assignee?.id !== user.id && (
                <Menu.Item onClick={() => void assign(user.id)}>{strings.header.toMe}</Menu.Item>
              )}
              {colleagues.map(({ id, name }) => (
                <Menu.Item key={id} onClick={() => void assign(id)}>
                  {name}
                </Menu.Item>
              ))}
              {users.isError && <Menu.Item disabled>{messageOf(users.error)}</Menu.Item>}
              {users.isSuccess && colleagues.length === 0 && (
                <Menu.Item disabled>{strings.header.noColleagues}</Menu.Item>
              )}
            </ScrollArea.Autosize>
            {assignee !== null && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => void assign(null)}>{strings.header.unassign}</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
