import {
  Button,
  Group,
  Menu,
  Modal,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
  VisuallyHidden,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { publicApi } from '../api/auth.js';
import { useApp } from '../hooks/app-context.js';
import { useLanguage } from '../i18n/use-language.js';
import { AVAILABILITIES, useAvailability } from '../hooks/use-availability.js';
import { useCommands } from '../hooks/use-commands.js';
import { useStore } from '../hooks/use-store.js';
import { onTheWay } from '../logic/outbox.js';
import { ContactAvatar } from './ContactAvatar.js';
import classes from './UserMenu.module.css';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** The reader's own menu: availability, appearance, keys, log-out. */
export function UserMenu({ phone, onKeys }: { phone: boolean; onKeys: () => void }) {
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
  const minor = true;
  useCommands([
    ...AVAILABILITIES.filter((one) => one !== availability).map((one) => ({
      id: `you.${one}`,
      group,
      minor,
      label: t('command.availability', { availability: t(`availability.${one}`) }),
      run: () => setAvailability(one),
    })),
    ...SCHEMES.filter((scheme) => scheme !== colorScheme).map((scheme) => ({
      id: `you.scheme.${scheme}`,
      group,
      minor,
      label: t('command.scheme', { scheme: t(`menu:scheme.${scheme}`) }),
      run: () => setColorScheme(scheme),
    })),
    {
      id: 'you.letterKeys',
      group,
      minor,
      label: t(letterKeys ? 'command.letterKeysOff' : 'command.letterKeysOn'),
      run: toggleKeys,
    },
    { id: 'you.logOut', group, minor, label: t('menu:logOut'), run: askLogOut },
  ]);

  return (
    <>
      <Menu position={phone ? 'top-end' : 'right-end'} width={240} withinPortal>
        <Menu.Target>
          <Tooltip
            label={user.name}
            position="right"
            disabled={phone}
            events={{ hover: true, focus: true, touch: false }}
          >
            <UnstyledButton className={classes.target}>
              <VisuallyHidden>
                {t('user.label', { name: user.name, availability: t(`availability.${availability}`) })}
              </VisuallyHidden>
              <ContactAvatar id={user.id} name={user.name} size={32} />
              <span className={classes.dot} data-availability={availability} aria-hidden />
            </UnstyledButton>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who} role="presentation">
            <bdi className={classes.name}>{user.name}</bdi>
            <span className={classes.role}>{t(`common:role.${user.role}`)}</span>
          </div>
          <Menu.Divider />
          <Menu.Label>{t('user.availability')}</Menu.Label>
          <Choices
            value={availability}
            options={AVAILABILITIES.map((one) => ({
              value: one,
              label: (
                <span className={classes.choice}>
                  <span className={classes.mark} data-availability={one} aria-hidden />
                  {t(`availability.${one}`)}
                </span>
              ),
            }))}
            onPick={setAvailability}
          />
          <Menu.Divider />
          <Menu.Label>{t('menu:appearance')}</Menu.Label>
          <Choices
            value={colorScheme}
            options={SCHEMES.map((scheme) => ({ value: scheme, label: t(`menu:scheme.${scheme}`) }))}
            onPick={setColorScheme}
          />
          {offered.length > 1 && (
            <>
              <Menu.Divider />
              <Menu.Label>{t('menu:language')}</Menu.Label>
              <Choices
                value={current}
                options={offered.map(({ language, name }) => ({
                  value: language,
                  label: <bdi lang={language}>{name}</bdi>,
                }))}
                onPick={pick}
              />
            </>
          )}
          <Menu.Divider />
          <Menu.CheckboxItem checked={letterKeys} onChange={toggleKeys}>
            {t('user.letterKeys')}
          </Menu.CheckboxItem>
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

interface ChoicesProps<T extends string> {
  value: T;
  options: { value: T; label: ReactNode }[];
  onPick: (value: T) => void;
}

function Choices<T extends string>({ value, options, onPick }: ChoicesProps<T>) {
  return (
    <Menu.RadioGroup value={value} onChange={(picked) => onPick(picked as T)}>
      {options.map((option) => (
        <Menu.RadioItem key={option.value} value={option.value}>
          {option.label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
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
