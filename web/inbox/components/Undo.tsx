import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { newId } from '../logic/new-id.js';
import type { Words } from '../i18n/instance.js';

/** How long what was done may be undone (UI 16). Milliseconds. */
const OFFERED_FOR = 8_000;

/** Says what was done, and offers to undo it for a while. */
export function offerUndo(words: Words, message: string, undo: () => void): void {
  const id = newId();
  const run = (): void => {
    notifications.hide(id);
    undo();
  };
  notifications.show({
    id,
    autoClose: OFFERED_FOR,
    message: (
      <Group justify="space-between" gap="sm">
        <bdi>{message}</bdi>
        <Button variant="default" size="compact-sm" onClick={run}>
          {words.t('common:undo')}
        </Button>
      </Group>
    ),
  });
}
