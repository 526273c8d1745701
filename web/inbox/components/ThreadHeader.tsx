import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { contactName } from '../logic/names.js';
import { PARTS } from '../parts.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { AssignMenu } from './AssignMenu.js';
import { ContactAvatar } from './ContactAvatar.js';
import { Icon } from './Icon.js';
import { StatusMenu } from './StatusMenu.js';
import { ClaimMark } from './ToldBy.js';
import classes from './ThreadHeader.module.css';

interface ThreadHeaderProps {
  conversation: ConversationRowDto;
  onBack: () => void;
  /** Opens the contact panel where it has no room of its own. */
  onContact: (() => void) | undefined;
}

/** Who it is, and what can be done with the conversation. */
export function ThreadHeader({ conversation, onBack, onContact }: ThreadHeaderProps) {
  const { t, i18n } = useTranslation(['common', 'contact', 'thread']);
  const { contact, inbox } = conversation;
  const name = contactName(i18n, contact);
  return (
    <header className={classes.root}>
      <ActionIcon
        className={classes.back}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('backToList')}
        onClick={onBack}
      >
        <Icon name="back" size={22} />
      </ActionIcon>
      <span className={classes.avatar}>
        <ContactAvatar id={contact.id} name={name} url={contact.avatarUrl} size={38} channel={inbox.channel} />
      </span>
      <div className={classes.names}>
        <span className={classes.who}>
          <h1 className={classes.name}>
            <bdi>{name}</bdi>
          </h1>
          <ClaimMark contact={contact} />
        </span>
        <bdi className={classes.number}>
          {conversation.number}{' '}
          <span className={classes.inbox}>
            · <bdi>{inbox.name}</bdi>
          </span>
        </bdi>
      </div>
      <div className={classes.actions}>
        <AssignMenu conversation={conversation} />
        <StatusMenu conversation={conversation} />
        {PARTS.map(({ id, Action }) => Action && <Action key={id} conversation={conversation} />)}
        {onContact && (
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('thread:contactPanel')} onClick={onContact}>
            <Icon name="info" size={22} />
          </ActionIcon>
        )}
      </div>
      {PARTS.map(({ id, Strip }) => Strip && <Strip key={id} conversation={conversation} />)}
    </header>
  );
}
