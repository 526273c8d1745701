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
import { useTranslation } from 'react-i18next';
import { publicApi } from '../api/endpoints.js';
import { useLanguage } from '../i18n/use-language.js';
import { useInbox } from '../hooks/inbox-context.js';
import { onTheWay } from '../logic/outbox.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import classes from './UserMenu.module.css';

/** The reader's own menu: appearance, shortcuts, log-out. */
export function UserMenu() {
  const { t } = useTranslation(['menu', 'common']);
  const { user, session, live } = useInbox();
  const { current, offered, pick } = useLanguage();
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
              <bdi>{user.name}</bdi>
              <span className={classes.role}>{t(`common:role.${user.role}`)}</span>
            </span>
            <Icon name="chevron" size={16} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('appearance')}</Menu.Label>
          {SCHEMES.map((scheme) => (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={colorScheme === scheme}
              rightSection={colorScheme === scheme ? <Icon name="tick" size={16} /> : null}
              onClick={() => setColorScheme(scheme)}
            >
              {t(`scheme.${scheme}`)}
            </Menu.Item>
          ))}
          {offered.length > 1 && (
            <>
              <Menu.Divider />
              <Menu.Label>{t('language')}</Menu.Label>
              {offered.map(({ language, name }) => (
                <Menu.Item
                  key={language}
                  role="menuitemradio"
                  aria-checked={language === current}
                  lang={language}
                  dir="auto"
                  rightSection={language === current ? <Icon name="tick" size={16} /> : null}
                  onClick={() => pick(language)}
                >
                  {name}
                </Menu.Item>
              ))}
            </>
          )}
          <Menu.Divider />
          <Menu.Item onClick={shortcutsModal.open}>{t('shortcuts')}</Menu.Item>
          <Menu.Item onClick={waiting > 0 ? confirmation.open : logOut}>{t('logOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={shortcuts}
        onClose={shortcutsModal.close}
        title={t('shortcuts')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Shortcuts />
      </Modal>
      <Modal
        opened={confirming}
        onClose={confirmation.close}
        title={t('logOut')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{t('logOutWaiting', { count: waiting })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={confirmation.close}>
              {t('common:cancel')}
            </Button>
            <Button color="red.9" onClick={logOut}>
              {t('logOutAnyway')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** Keys as they stand on keyboards, and what they do: keys of `menu:key`. */
const KEYS = [
  ['j', 'next'],
  ['k', 'previous'],
  ['r', 'reply'],
  ['n', 'note'],
  ['Enter', 'send'],
  ['Shift + Enter', 'newLine'],
  ['Esc', 'leave'],
] as const;

function Shortcuts() {
  const { t } = useTranslation('menu');
  return (
    <Table>
      <Table.Tbody>
        {KEYS.map(([keys, what]) => (
          <Table.Tr key={keys}>
            <Table.Th scope="row">
              <Kbd>{keys}</Kbd>
            </Table.Th>
            <Table.Td>{t(`key.${what}`)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
