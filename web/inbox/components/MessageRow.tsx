import { ActionIcon } from '@mantine/core';
import { memo } from 'react';
import type { ConversationRowDto, MessageDto } from '../../../src/shared/dto.js';
import { linkify } from '../../linkify.js';
import { useApp } from '../hooks/app-context.js';
import { activityText } from '../logic/activity-text.js';
import type { OutboxItem } from '../logic/outbox.js';
import { clockTime } from '../logic/time.js';
import { strings } from '../strings.js';
import { Attachments } from './Attachments.js';
import { DeliveryMark } from './DeliveryMark.js';
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
  const { message, continues, conversation } = props;
  const { user } = useApp();
  if (message.kind === 'activity') return <ActivityLine message={message} />;

  const own = message.sender.type === 'agent' && message.sender.id === user.id;
  const side = message.sender.type === 'contact' ? 'theirs' : 'ours';
  const name = own ? strings.message.you : side === 'theirs' ? contactName(conversation) : message.sender.name;
  return (
    <article
      className={classes.root}
      data-side={side}
      data-note={message.kind === 'note' || undefined}
      aria-label={strings.message.from(name, clockTime(message.orderAt))}
    >
      {(!continues || message.kind === 'note') && (
        <div className={classes.name}>
          {message.sender.type === 'bot' && <Icon name="bot" size={14} label={strings.message.bot} />}
          {message.kind === 'note' && <Icon name="note" size={14} />}
          {name}
          {message.kind === 'note' && <span>· {strings.message.note}</span>}
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
            aria-label={strings.message.replyTo(name)}
            onClick={() => props.onReply({ messageId: message.id, preview: previewOf(message) })}
          >
            <Icon name="reply" size={16} />
          </ActionIcon>
        )}
      </div>
      <Reactions message={message} />
      <div className={classes.meta}>
        {message.edited && !message.unsent && <span>{strings.message.edited}</span>}
        <time dateTime={new Date(message.orderAt).toISOString()}>{clockTime(message.orderAt)}</time>
        <DeliveryMark message={message} conversation={conversation} />
      </div>
    </article>
  );
});

function BubbleBody({ message, onOpenImage, onFileGone }: MessageRowProps) {
  if (message.unsent) return <em className={classes.unsent}>{strings.message.unsent}</em>;
  return (
    <>
      {message.replyTo !== null && (
        <blockquote className={classes.quote} aria-label={strings.message.quoted}>
          {message.replyTo.preview ?? strings.message.quoteUnknown}
        </blockquote>
      )}
      {message.kind === 'postback' && <span className={classes.postback}>{strings.message.postback}</span>}
      {message.text !== null && message.text !== '' && <MessageText text={message.text} />}
      <Attachments attachments={message.attachments} onOpenImage={onOpenImage} onGone={onFileGone} />
      {message.moreAttachments > 0 && (
        <em className={classes.left}>{strings.message.moreAttachments(message.moreAttachments)}</em>
      )}
      {message.context.length > 0 && (
        <dl className={classes.context} aria-label={strings.message.context}>
          {message.context.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {message.quickReplies.length > 0 && (
        <ul className={classes.quickReplies} aria-label={strings.message.quickReplies}>
          {message.quickReplies.map(({ title, payload }) => (
            <li key={payload}>{title}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function ActivityLine({ message }: { message: MessageDto }) {
  return (
    <p className={classes.activity}>
      {activityText(message)} <time>{clockTime(message.orderAt)}</time>
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
  if (message.reactions.length === 0) return null;
  return (
    <div className={classes.reactions}>
      {message.reactions.map(({ emoji, by }) => (
        <span
          key={`${by}${emoji}`}
          role="img"
          aria-label={by === 'contact' ? strings.message.reactedContact(emoji) : strings.message.reactedAgent(emoji)}
        >
          {emoji}
        </span>
      ))}
    </div>
  );
}

/** As the contact is called now: a message may be older than their name. */
const contactName = ({ contact }: ConversationRowDto): string => contact.name || strings.contact.noName;

const PREVIEW = 120;

function previewOf(message: MessageDto): string {
  const first = message.attachments[0];
  const text = message.text || (first === undefined ? '' : first.name || strings.attachments[first.kind]);
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text;
}
