import { Button } from '@mantine/core';
import { useApp } from '../hooks/app-context.js';
import type { OutboxItem } from '../logic/outbox.js';
import { strings } from '../strings.js';
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
  const { live } = useApp();
  return (
    <article
      className={classes.root}
      data-side="ours"
      data-note={item.note || undefined}
      aria-label={strings.message.you}
    >
      <div className={[classes.bubble, own.bubble].join(' ')}>
        {item.replyTo !== null && <blockquote className={classes.quote}>{item.replyTo.preview}</blockquote>}
        {item.text !== '' && <MessageText text={item.text} />}
        {item.attachments.map(({ id, name }) => (
          <div key={id} className={own.file}>
            <Icon name="file" size={16} /> {name}
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
            <span className={own.error}>{item.error ?? strings.message.notSent}</span>
            <Button size="compact-xs" variant="default" onClick={() => live.outbox.retry(item.id)}>
              {strings.message.tryAgain}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => onTakeBack(item.id)}>
              {strings.message.edit}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => live.outbox.discard(item.id)}>
              {strings.message.discard}
            </Button>
          </>
        ) : (
          <span>{stateText(item)}</span>
        )}
      </div>
    </article>
  );
}

function stateText(item: OutboxItem): string {
  if (item.state === 'stale') return strings.message.decide;
  return item.tries > 0 ? strings.message.waiting : strings.message.sending;
}
