import { ActionIcon } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import { linkify } from '../../linkify.js';
import { useApp } from '../hooks/app-context.js';
import type { Words } from '../i18n/instance.js';
import { activityText } from '../logic/activity-text.js';
import type { OutboxItem } from '../logic/outbox.js';
import { attachmentName, contactName, senderName } from '../logic/names.js';
import { clockTime } from '../logic/time.js';
import { Attachments } from './Attachments.js';
import { DeliveryMark } from './DeliveryMark.js';
import { Time } from './Time.js';
import { Icon } from './Icon.js';
import classes from './MessageRow.module.css';

interface MessageRowProps {
  message: MessageDto;
  continues: boolean;
  conversation: ConversationRowDto;
  onReply: (to: NonNullable<OutboxItem['replyTo']>) => void;
  onOpenImage: (attachmentId: string) => void;
  onFileGone: () => void;
}

/** One message of a thread, as what it is: an activity line, a note, or somebody's words. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { t, i18n } = useTranslation(['message', 'common']);
  const { message, continues, conversation } = props;
  const { user } = useApp();
  if (message.kind === 'activity') return <ActivityLine message={message} />;

  const own = message.sender.type === 'agent' && message.sender.id === user.id;
  const side = message.sender.type === 'contact' ? 'theirs' : 'ours';
  const name = own
    ? t('common:person.you')
    : // As the contact is called now: a message may be older than their name.
      side === 'theirs'
      ? contactName(i18n, conversation.contact)
      : senderName(i18n, message.sender);
  return (
    <article
      className={classes.root}
      data-side={side}
      data-note={message.kind === 'note' || undefined}
      aria-label={t('from', { name, time: clockTime(i18n, message.orderAt) })}
    >
      {(!continues || message.kind === 'note') && (
        <div className={classes.name}>
          {message.sender.type === 'bot' && <Icon name="bot" size={14} label={t('common:person.bot')} />}
          {message.kind === 'note' && <Icon name="note" size={14} />}
          {own ? name : <bdi>{name}</bdi>}
          {message.kind === 'note' && <span>· {t('note')}</span>}
        </div>
      )}
      <div className={classes.line}>
        <div className={classes.bubble}>
          <BubbleBody {...props} />
        </div>
        {message.kind !== 'note' && !message.unsent && (
          <ActionIcon
            className={classes.reply}
            variant="subtle"
            color="gray"
            aria-label={t('replyTo', { name })}
            onClick={() => props.onReply({ messageId: message.id, preview: quoteOf(i18n, message) })}
          >
            <Icon name="reply" size={16} />
          </ActionIcon>
        )}
      </div>
      <Reactions message={message} />
      <div className={classes.meta}>
        {message.edited && !message.unsent && <span>{t('edited')}</span>}
        <Time at={message.orderAt}>{clockTime(i18n, message.orderAt)}</Time>
        <DeliveryMark message={message} conversation={conversation} />
      </div>
    </article>
  );
});

function BubbleBody({ message, onOpenImage, onFileGone }: MessageRowProps) {
  const { t } = useTranslation('message');
  if (message.unsent) return <em className={classes.unsent}>{t('unsent')}</em>;
  return (
    <>
      {message.replyTo !== null && (
        <blockquote className={classes.quote} aria-label={t('quoted')}>
          {message.replyTo.preview === null ? t('quoteUnknown') : <bdi>{message.replyTo.preview}</bdi>}
        </blockquote>
      )}
      {message.kind === 'postback' && <span className={classes.postback}>{t('postback')}</span>}
      {message.text !== null && message.text !== '' && <MessageText text={message.text} />}
      <Attachments attachments={message.attachments} onOpenImage={onOpenImage} onGone={onFileGone} />
      {message.moreAttachments > 0 && (
        <em className={classes.left}>{t('moreAttachments', { count: message.moreAttachments })}</em>
      )}
      {message.context.length > 0 && (
        <dl className={classes.context} aria-label={t('context')}>
          {message.context.map(({ label, value }) => (
            <div key={label}>
              <dt dir="auto">{label}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {message.quickReplies.length > 0 && (
        <ul className={classes.quickReplies} aria-label={t('quickReplies')}>
          {message.quickReplies.map(({ title, payload }) => (
            <li key={payload} dir="auto">
              {title}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function ActivityLine({ message }: { message: MessageDto }) {
  const { i18n } = useTranslation();
  return (
    <p className={classes.activity}>
      {activityText(i18n, message)} <Time at={message.orderAt}>{clockTime(i18n, message.orderAt)}</Time>
    </p>
  );
}

/** Text with its web addresses as links. */
export function MessageText({ text }: { text: string }) {
  return (
    <p className={classes.text} dir="auto">
      {linkify(text).map(({ text: piece, href }, index) =>
        href === null ? (
          piece
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {piece}
          </a>
        ),
      )}
    </p>
  );
}

function Reactions({ message }: { message: MessageDto }) {
  const { t } = useTranslation('message');
  if (message.reactions.length === 0) return null;
  return (
    <div className={classes.reactions}>
      {message.reactions.map(({ emoji, by }) => (
        <span
          key={`${by}${emoji}`}
          role="img"
          aria-label={by === 'contact' ? t('reactedContact', { emoji }) : t('reactedAgent', { emoji })}
        >
          {emoji}
        </span>
      ))}
    </div>
  );
}

const PREVIEW = 120;

function quoteOf(words: Words, message: MessageDto): string {
  const first = message.attachments[0];
  const text = message.text || (first === undefined ? '' : attachmentName(words, first));
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text;
}
