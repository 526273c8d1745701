import { Button, Group, Menu, Modal, Stack, Text, Tooltip, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { publicApi } from '../api/auth.js';
import { useApp } from '../hooks/app-context.js';
import { useLanguage } from '../i18n/use-language.js';
import { AVAILABILITIES, useAvailability } from '../hooks/use-availability.js';
import { useCommands } from '../hooks/use-commands.js';
import { useStore } from '../hooks/use-store.js';
import { onTheWay } from '../logic/outbox.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import classes from './UserMenu.module.css';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** The reader's own menu: availability, appearance, keys, log-out. */
export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation(['shell', 'common', 'menu']);
  const { user, live, preferences } = useApp();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { current, offered, pick } = useLanguage();
  const { availability, setAvailability } = useAvailability();
  const { letterKeys } = useStore(preferences.values);
  const [confirming, confirmation] = useDisclosure(false);
  const waiting = onTheWay(useStore(live.outbox.items));
  const logOut = useLogOut();
  const askLogOut = waiting > 0 ? confirmation.open : logOut;
  const toggleKeys = (): void => preferences.set({ letterKeys: !letterKeys });

  const group = t('group.you');
  useCommands([
    ...AVAILABILITIES.filter((one) => one !== availability).map((one) => ({
      id: `you.${one}`,
      group,
      label: t('command.availability', { availability: t(`availability.${one}`) }),
      run: () => setAvailability(one),
    })),
    ...SCHEMES.filter((scheme) => scheme !== colorScheme).map((scheme) => ({
      id: `you.scheme.${scheme}`,
      group,
      label: t('command.scheme', { scheme: t(`menu:scheme.${scheme}`) }),
      run: () => setColorScheme(scheme),
    })),
    {
      id: 'you.letterKeys',
      group,
      label: t(letterKeys ? 'command.letterKeysOff' : 'command.letterKeysOn'),
      run: toggleKeys,
    },
    { id: 'you.logOut', group, label: t('menu:logOut'), run: askLogOut },
  ]);

  return (
    <>
      <Menu position="right-end" width={240} withinPortal>
        <Menu.Target>
          <Tooltip label={user.name} position="right" events={{ hover: true, focus: true, touch: false }}>
            <UnstyledButton
              className={classes.target}
              aria-label={t('user.label', { name: user.name, availability: t(`availability.${availability}`) })}
            >
              <ContactAvatar id={user.id} name={user.name} size={32} />
              <span className={classes.dot} data-availability={availability} aria-hidden />
            </UnstyledButton>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who} role="presentation">
            <span className={classes.name}>{user.name}</span>
            <span className={classes.role}>{t(`common:role.${user.role}`)}</span>
          </div>
          <Menu.Divider />
          <Menu.Label>{t('user.availability')}</Menu.Label>
          {AVAILABILITIES.map((one) => (
            <Choice
              key={one}
              chosen={availability === one}
              mark={<span className={classes.mark} data-availability={one} aria-hidden />}
              label={t(`availability.${one}`)}
              onChoose={() => setAvailability(one)}
            />
          ))}
          <Menu.Divider />
          <Menu.Label>{t('menu:appearance')}</Menu.Label>
          {SCHEMES.map((scheme) => (
            <Choice
              key={scheme}
              chosen={colorScheme === scheme}
              label={t(`menu:scheme.${scheme}`)}
              onChoose={() => setColorScheme(scheme)}
            />
          ))}
          {offered.length > 1 && (
            <>
              <Menu.Divider />
              <Menu.Label>{t('menu:language')}</Menu.Label>
              {offered.map(({ language, name }) => (
                <Choice
                  key={language}
                  chosen={language === current}
                  label={<bdi lang={language}>{name}</bdi>}
                  onChoose={() => pick(language)}
                />
              ))}
            </>
          )}
          <Menu.Divider />
          <Menu.Item
            role="menuitemcheckbox"
            aria-checked={letterKeys}
            rightSection={letterKeys ? <Icon name="tick" size={16} /> : null}
            onClick={toggleKeys}
          >
            {t('user.letterKeys')}
          </Menu.Item>
          <Menu.Item onClick={onKeys}>{t('menu:shortcuts')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={askLogOut}>{t('menu:logOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={confirming}
        onClose={confirmation.close}
        title={t('menu:logOut')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{t('menu:logOutWaiting', { count: waiting })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={confirmation.close}>
              {t('common:cancel')}
            </Button>
            <Button color="red.9" onClick={logOut}>
              {t('menu:logOutAnyway')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

interface ChoiceProps {
  chosen: boolean;
  label: React.ReactNode;
  mark?: React.ReactNode;
  onChoose: () => void;
}

function Choice({ chosen, label, mark, onChoose }: ChoiceProps) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={chosen}
      leftSection={mark}
      rightSection={chosen ? <Icon name="tick" size={16} /> : null}
      onClick={onChoose}
    >
      {label}
    </Menu.Item>
  );
}

function useLogOut(): () => void {
  const { session, live } = useApp();
  return () => {
    const refreshToken = session.data.get()?.refreshToken;
    live.outbox.clear();
    session.clear();
    // The tokens are gone from here; if the server does not hear of it they run out by themselves.
    if (refreshToken !== undefined) publicApi.logout(refreshToken).catch(() => undefined);
  };
}
