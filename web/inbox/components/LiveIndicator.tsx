import { onTheWay } from '../logic/outbox.js';
import { useTranslation } from 'react-i18next';
import type { Words } from '../i18n/instance.js';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import classes from './LiveIndicator.module.css';

/** Says whether what is on screen is the latest, and what has not left yet. */
export function LiveIndicator({ className }: { className?: string | undefined }) {
  const { live } = useApp();
  const { i18n } = useTranslation();
  const status = useStore(live.catchUp.status);
  const items = useStore(live.outbox.items);
  const delayed = onTheWay(items.filter((item) => item.tries > 0));
  return (
    <span role="status" className={[classes.root, className].filter(Boolean).join(' ')} data-status={status}>
      <span className={classes.dot} aria-hidden />
      {statusText(i18n, status, status === 'offline' ? onTheWay(items) : delayed)}
    </span>
  );
}

function statusText(words: Words, status: 'offline' | 'catching_up' | 'up_to_date', waiting: number): string {
  if (status === 'offline')
    return waiting === 0 ? words.t('connection:offline') : words.t('connection:offlineWaiting', { count: waiting });
  if (status === 'catching_up') return words.t('connection:catchingUp');
  return waiting === 0 ? words.t('connection:upToDate') : words.t('connection:waiting', { count: waiting });
}
