import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InboxDto } from '../../../../../../src/shared/schemas/inbox.js';

/** Whether an inbox works, in words and colour. */
export function InboxState({ inbox: { state, hold } }: { inbox: InboxDto }) {
  const { t } = useTranslation('inboxes');
  const held = state === 'connected' && hold !== null;
  const color = { connected: '--sb-good', needs_reauthorisation: '--sb-danger', disconnected: '--sb-soft' }[state];
  return (
    <Badge variant="default" tt="none" c={`var(${held ? '--sb-warn' : color})`}>
      {held ? t('stateOf.held') : t(`stateOf.${state}`)}
    </Badge>
  );
}
