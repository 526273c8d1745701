import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp } from '../hooks/app-context.js';
import type { OutboxItem } from '../logic/outbox.js';
import { refusalText } from '../logic/refusal.js';
import { Icon } from './Icon.js';
import { MessageText } from './MessageRow.js';
import classes from './MessageRow.module.css';
import own from './PendingBubble.module.css';

interface PendingBubbleProps {
  item: OutboxItem;
  onTakeBack: (itemId: string) => void;
}

/** A message of the reader that the server has not acknowledged. */
export function PendingBubble({ item, onTakeBack }: PendingBubbleProps) {
  const { t, i18n } = useTranslation(['message', 'common']);
  const { live } = useApp();
  return (
    <article
      className={classes.root}
      data-side="ours"
      data-note={item.note || undefined}
      aria-label={t('common:person.you')}
    >
      <div className={[classes.bubble, own.bubble].join(' ')}>
        {item.replyTo !== null && (
          <blockquote className={classes.quote}>
            <bdi>{item.replyTo.preview}</bdi>
          </blockquote>
        )}
        {item.text !== '' && <MessageText text={item.text} />}
        {item.attachments.map(({ id, name }) => (
          <div key={id} className={own.file}>
            <Icon name="file" size={16} /> <bdi>{name}</bdi>
          </div>
        ))}
      </div>
      <div className={classes.meta}>
        <Icon
          name={item.state === 'refused' ? 'alert' : 'clock'}
          size={14}
          className={own.icon}
          data-state={item.state}
        />
        {item.state === 'refused' ? (
          <>
            <span className={own.error}>{item.error === null ? t('notSent') : refusalText(i18n, item.error)}</span>
            <Button size="compact-xs" variant="default" onClick={() => live.outbox.retry(item.id)}>
              {t('common:tryAgain')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => onTakeBack(item.id)}>
              {t('edit')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => live.outbox.discard(item.id)}>
              {t('discard')}
            </Button>
          </>
        ) : (
          <span>{t(`pending.${stateOf(item)}`)}</span>
        )}
      </div>
    </article>
  );
}

function stateOf(item: OutboxItem): 'decide' | 'waiting' | 'sending' {
  if (item.state === 'stale') return 'decide';
  return item.tries > 0 ? 'waiting' : 'sending';
}
