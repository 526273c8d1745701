import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Availability } from '../../../src/shared/words.js';
import { messageOf } from '../api/failure.js';
import { ask } from '../api/socket.js';
import { useApp } from './app-context.js';

export const AVAILABILITIES: readonly Availability[] = ['available', 'busy', 'away', 'offline'];

/** The reader's own availability, in step with their other windows. A change shows at once and is taken back if it fails. */
export function useAvailability() {
  const { t, i18n } = useTranslation('shell');
  const { user, session, socket } = useApp();
  useEffect(() => {
    const changed = (data: { userId: string; availability: Availability }): void => {
      const me = session.data.get()?.user;
      if (me?.id === data.userId) session.setUser({ ...me, availability: data.availability });
    };
    socket.on('agent_status_change', changed);
    return () => void socket.off('agent_status_change', changed);
  }, [socket, session]);

  const setAvailability = (status: Availability): void => {
    const before = user;
    session.setUser({ ...user, availability: status });
    ask(socket, 'update_status', { status }).then(
      ({ user: after }) => session.setUser(after),
      (error: unknown) => {
        session.setUser(before);
        notifications.show({ color: 'red', title: t('user.availabilityFailed'), message: messageOf(i18n, error) });
      },
    );
  };
  return { availability: user.availability, setAvailability };
}
