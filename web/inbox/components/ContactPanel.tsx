import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useTranslation } from 'react-i18next';
import type { ContactDto, ConversationRowDto } from '../../../src/shared/dto.js';
import { useNow } from '../hooks/use-now.js';
import { channelName, contactName } from '../logic/names.js';
import { momentText } from '../logic/time.js';
import { ContactAvatar } from './ContactAvatar.js';
import classes from './ContactPanel.module.css';
import { Time } from './Time.js';
import { ToldBy } from './ToldBy.js';

/** What is known of the contact and of the conversation. */
export function ContactPanel({ conversation }: { conversation: ConversationRowDto }) {
  const { t, i18n } = useTranslation(['contact', 'conversation']);
  const now = useNow(60_000);
  const { contact, inbox, assignee } = conversation;
  const name = contactName(i18n, contact);
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <ContactAvatar id={contact.id} name={name} url={contact.avatarUrl} size={64} />
        <Text component="h2" fw={650} size="lg">
          <bdi>{name}</bdi>
        </Text>
        <ToldBy source={contact.toldBy.name} channel={inbox.channel} />
        {contact.blocked && <Badge color="red.9">{t('blocked')}</Badge>}
      </div>
      <Facts title={t('title')}>
        <Fact label={t('email')}>
          {contact.email && (
            <>
              <a href={`mailto:${contact.email}`}>
                <bdi>{contact.email}</bdi>
              </a>
              <ToldBy source={contact.toldBy.email} channel={inbox.channel} />
            </>
          )}
        </Fact>
        <Fact label={t('phone')}>
          {contact.phone && (
            <>
              <a href={`tel:${contact.phone}`}>
                <bdi dir="ltr">{contact.phone}</bdi>
              </a>
              <ToldBy source={contact.toldBy.phone} channel={inbox.channel} />
            </>
          )}
        </Fact>
        {contact.lastSeenAt !== null && (
          <Fact label={t('lastSeen')}>
            <Moment at={contact.lastSeenAt} now={now} />
          </Fact>
        )}
      </Facts>
      {contact.page !== null && <VisitedPage page={contact.page} now={now} />}
      {Object.keys(contact.attributes).length > 0 && (
        <Facts title={t('details')}>
          {Object.entries(contact.attributes).map(([label, value]) => (
            <Fact key={label} label={<bdi>{label}</bdi>}>
              <bdi>{value}</bdi>
            </Fact>
          ))}
        </Facts>
      )}
      <Facts title={t('conversation')}>
        <Fact label={t('number')}>{conversation.number}</Fact>
        {conversation.subject !== null && (
          <Fact label={t('subject')}>
            <bdi>{conversation.subject}</bdi>
          </Fact>
        )}
        <Fact label={t('inbox')}>
          <bdi>{inbox.name}</bdi>
        </Fact>
        <Fact label={t('channel')}>{channelName(i18n, inbox.channel)}</Fact>
        <Fact label={t('status')}>{t(`conversation:status.${conversation.status}`)}</Fact>
        <Fact label={t('priority')}>{t(`conversation:priority.${conversation.priority}`)}</Fact>
        <Fact label={t('holder')}>{assignee === null ? t('nobody') : <bdi>{assignee.name}</bdi>}</Fact>
        <Fact label={t('started')}>
          <Moment at={conversation.createdAt} now={now} />
        </Fact>
      </Facts>
      {conversation.previousConversationId !== null && (
        <PreviousConversation id={conversation.previousConversationId} />
      )}
    </div>
  );
}

function Moment({ at, now }: { at: number; now: number }) {
  const { i18n } = useTranslation();
  return <Time at={at}>{momentText(i18n, at, now)}</Time>;
}

function VisitedPage({ page, now }: { page: NonNullable<ContactDto['page']>; now: number }) {
  const { t } = useTranslation('contact');
  return (
    <Facts title={t('page')}>
      <Fact label={t('lastPage')}>
        <WebLink url={page.url}>{page.title ?? page.url}</WebLink>
      </Fact>
      {page.referrer !== null && (
        <Fact label={t('cameFrom')}>
          <WebLink url={page.referrer}>{page.referrer}</WebLink>
        </Fact>
      )}
      <Fact label={t('visited')}>
        <Moment at={page.at} now={now} />
      </Fact>
    </Facts>
  );
}

/** An address that the contact's browser told; the tip shows where it leads, whatever its title says. */
function WebLink({ url, children }: { url: string; children: string }) {
  return (
    <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
      <bdi>{children}</bdi>
    </a>
  );
}

function PreviousConversation({ id }: { id: string }) {
  const { t } = useTranslation('contact');
  const [query] = useSearchParams();
  const search = query.toString();
  return (
    <Link className={classes.link} to={{ pathname: `/inbox/${id}`, search }}>
      {t('previous')}
    </Link>
  );
}

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Text component="h3" className={classes.heading}>
        {title}
      </Text>
      <dl className={classes.facts}>{children}</dl>
    </section>
  );
}

function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  const { t } = useTranslation(['contact', 'common']);
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children || t('common:none')}</dd>
    </div>
  );
}
