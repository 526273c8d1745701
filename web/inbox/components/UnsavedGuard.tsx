import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

interface UnsavedGuardProps {
  unsaved: boolean;
  /** True while the page is left by what has just been saved. */
  mayLeave: RefObject<boolean>;
}

/** Asks before unsaved changes are left, within the app and by closing the tab. */
export function UnsavedGuard({ unsaved, mayLeave }: UnsavedGuardProps) {
  const { t } = useTranslation('settings');
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      unsaved && !mayLeave.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!unsaved) return;
    const leaving = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', leaving);
    return () => window.removeEventListener('beforeunload', leaving);
  }, [unsaved]);
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={t('guard.title')}
      closeButtonProps={{ 'aria-label': t('guard.stay') }}
    >
      <Stack>
        <Text size="sm">{t('guard.text')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            {t('guard.leave')}
          </Button>
          <Button data-autofocus onClick={() => blocker.reset?.()}>
            {t('guard.stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
