import { onTheWay } from '../logic/outbox.js';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { strings } from '../strings.js';
import classes from './LiveIndicator.module.css';

/** Says whether what is on screen is the latest, and what has not left yet. */
export function LiveIndicator({ className }: { className?: string | undefined }) {
  const { live } = useApp();
  const status = useStore(live.catchUp.status);
  const items = useStore(live.outbox.items);
  const delayed = onTheWay(items.filter((item) => item.tries > 0));
  return (
    <span role="status" className={[classes.root, className].filter(Boolean).join(' ')} data-status={status}>
      <span className={classes.dot} aria-hidden />
      {statusText(status, status === 'offline' ? onTheWay(items) : delayed)}
    </span>
  );
}

function statusText(status: 'offline' | 'catching_up' | 'up_to_date', waiting: number): string {
  if (status === 'offline') return waiting === 0 ? strings.live.offline : strings.live.offlineWaiting(waiting);
  if (status === 'catching_up') return strings.live.catchingUp;
  return waiting === 0 ? strings.live.upToDate : strings.live.waiting(waiting);
}
