import {
  Button,
  Group,
  Kbd,
  Menu,
  Modal,
  Stack,
  Table,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { publicApi } from '../api/endpoints.js';
import { useInbox } from '../hooks/inbox-context.js';
import { onTheWay } from '../logic/outbox.js';
import { strings } from '../strings.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import classes from './UserMenu.module.css';

/** The reader's own menu: appearance, shortcuts, log-out. */
export function UserMenu() {
  const { user, session, live } = useInbox();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [shortcuts, shortcutsModal] = useDisclosure(false);
  const [confirming, confirmation] = useDisclosure(false);
  const waiting = onTheWay(live.outbox.items.get());

  const logOut = (): void => {
    const refreshToken = session.data.get()?.refreshToken;
    live.outbox.clear();
    session.clear();
    // The tokens are gone from here; if the server does not hear of it they run out by themselves.
    if (refreshToken !== undefined) publicApi.logout(refreshToken).catch(() => undefined);
  };

  return (
    <>
      <Menu position="top-start" width={220} withinPortal>
        <Menu.Target>
          <UnstyledButton className={classes.target}>
            <ContactAvatar id={user.id} name={user.name} size={32} />
            <span className={classes.name}>
              <span>{user.name}</span>
              <span className={classes.role}>{strings.roles[user.role]}</span>
            </span>
            <Icon name="chevron" size={16} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{strings.user.theme}</Menu.Label>
          {SCHEMES.map(([scheme, label]) => (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={colorScheme === scheme}
              rightSection={colorScheme === scheme ? <Icon name="tick" size={16} /> : null}
              onClick={() => setColorScheme(scheme)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={shortcutsModal.open}>{strings.user.shortcuts}</Menu.Item>
          <Menu.Item onClick={waiting > 0 ? confirmation.open : logOut}>{strings.user.logOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={shortcuts}
        onClose={shortcutsModal.close}
        title={strings.user.shortcuts}
        closeButtonProps={{ 'aria-label': strings.common.close }}
      >
        <Shortcuts />
      </Modal>
      <Modal
        opened={confirming}
        onClose={confirmation.close}
        title={strings.user.logOut}
        closeButtonProps={{ 'aria-label': strings.common.close }}
      >
        <Stack>
          <Text size="sm">{strings.user.logOutWaiting(waiting)}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={confirmation.close}>
              {strings.common.cancel}
            </Button>
            <Button color="red.9" onClick={logOut}>
              {strings.user.logOutAnyway}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

const SCHEMES = [
  ['light', strings.user.light],
  ['dark', strings.user.dark],
  ['auto', strings.user.system],
] as const;

function Shortcuts() {
  return (
    <Table>
      <Table.Tbody>
        {strings.shortcuts.map(([keys, what]) => (
          <Table.Tr key={keys}>
            <Table.Th scope="row">
              <Kbd>{keys}</Kbd>
            </Table.Th>
            <Table.Td>{what}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
