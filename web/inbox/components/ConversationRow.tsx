import { Badge } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { unreadOf } from '../logic/conversation.js';
import { badgeCount, contactName, previewOf } from '../logic/names.js';
import { shortTime } from '../logic/time.js';
import { PARTS } from '../parts.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import { StatusBadge } from './StatusBadge.js';
import { Time } from './Time.js';
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
  const { t, i18n } = useTranslation(['list', 'contact', 'message']);
  const unread = unreadOf(row);
  const at = row.lastMessage?.at ?? row.lastActivityAt;
  const name = contactName(i18n, row.contact);
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
            <bdi className={classes.name}>{name}</bdi>
            <ClaimMark contact={row.contact} />
          </span>
          <Time at={at} className={classes.time}>
            {shortTime(i18n, at, now)}
          </Time>
        </span>
        <span className={classes.line}>
          {row.lastMessage?.note === true && (
            <Icon name="note" size={14} className={classes.note} label={t('message:note')} />
          )}
          <bdi className={classes.preview}>{previewOf(i18n, row)}</bdi>
          {unread > 0 && (
            <Badge
              size="sm"
              circle={unread < 10}
              className={classes.unread}
              aria-label={t('unread', { count: unread })}
            >
              {badgeCount(i18n, unread)}
            </Badge>
          )}
        </span>
        <span className={classes.line}>
          <StatusBadge status={row.status} />
          {row.assignee === null ? (
            <span className={classes.assignee}>{t('unassigned')}</span>
          ) : (
            <bdi className={classes.assignee}>{row.assignee.name}</bdi>
          )}
          {heldBack && (
            <span className={classes.heldBack}>
              <Icon name="alert" size={14} /> {t('message:notSent')}
            </span>
          )}
        </span>
        {PARTS.map(({ id, Row }) => Row && <Row key={id} conversation={row} />)}
      </span>
    </Link>
  );
});
