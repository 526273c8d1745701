import { Badge } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { unreadOf } from '../logic/conversation.js';
import { shortTime } from '../logic/time.js';
import { strings } from '../strings.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import { StatusBadge } from './StatusBadge.js';
import { ClaimMark } from './ToldBy.js';
import classes from './ConversationRow.module.css';

interface ConversationRowProps {
  row: ConversationRowDto;
  open: boolean;
  now: number;
  /** A message of the reader in it was not sent. */
  heldBack: boolean;
  to: string;
}

/** One conversation in a list. */
export const ConversationRow = memo(function ConversationRow({ row, open, now, heldBack, to }: ConversationRowProps) {
  const unread = unreadOf(row);
  const name = row.contact.name || strings.contact.noName;
  return (
    <Link
      to={to}
      className={classes.root}
      aria-current={open ? 'true' : undefined}
      data-unread={unread > 0 || undefined}
    >
      <ContactAvatar id={row.contact.id} name={name} url={row.contact.avatarUrl} channel={row.inbox.channel} />
      <span className={classes.body}>
        <span className={classes.line}>
          <span className={classes.who}>
            <span className={classes.name}>{name}</span>
            <ClaimMark contact={row.contact} />
          </span>
          <time className={classes.time} dateTime={new Date(row.lastActivityAt).toISOString()}>
            {shortTime(row.lastMessage?.at ?? row.lastActivityAt, now)}
          </time>
        </span>
        <span className={classes.line}>
          {row.lastMessage?.note === true && (
            <Icon name="note" size={14} className={classes.note} label={strings.message.note} />
          )}
          <span className={classes.preview}>{previewOf(row)}</span>
          {unread > 0 && (
            <Badge size="sm" circle={unread < 10} className={classes.unread} aria-label={strings.list.unread(unread)}>
              {unread > 99 ? '99+' : unread}
            </Badge>
          )}
        </span>
        <span className={classes.line}>
          <StatusBadge status={row.status} />
          <span className={classes.assignee}>{row.assignee?.name ?? strings.list.unassigned}</span>
          {heldBack && (
            <span className={classes.heldBack}>
              <Icon name="alert" size={14} /> {strings.message.notSent}
            </span>
          )}
        </span>
      </span>
    </Link>
  );
});

function previewOf({ lastMessage }: ConversationRowDto): string {
  if (lastMessage === null) return strings.list.noMessages;
  const { preview, note, senderType } = lastMessage;
  if (note) return preview;
  if (senderType === 'agent') return strings.list.fromTeam(preview);
  return senderType === 'bot' ? strings.list.fromBot(preview) : preview;
}
