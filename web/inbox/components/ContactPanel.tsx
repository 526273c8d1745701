import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { ContactDto } from '../../../src/shared/schemas/contact.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { useNow } from '../hooks/use-now.js';
import { momentText } from '../logic/time.js';
import { strings } from '../strings.js';
import { ContactAvatar } from './ContactAvatar.js';
import classes from './ContactPanel.module.css';
import { ToldBy } from './ToldBy.js';

/** What is known of the contact and of the conversation. */
export function ContactPanel({ conversation }: { conversation: ConversationRowDto }) {
  const now = useNow(60_000);
  const { contact, inbox, assignee } = conversation;
  const name = contact.name || strings.contact.noName;
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <ContactAvatar id={contact.id} name={name} url={contact.avatarUrl} size={64} />
        <Text component="h2" fw={650} size="lg">
          {name}
        </Text>
        <ToldBy source={contact.toldBy.name} channel={inbox.channel} />
        {contact.blocked && <Badge color="red.9">{strings.contact.blocked}</Badge>}
      </div>
      <Facts title={strings.contact.title}>
        <Fact label={strings.contact.email}>
          {contact.email && (
            <>
              <a href={`mailto:${contact.email}`}>{contact.email}</a>
              <ToldBy source={contact.toldBy.email} channel={inbox.channel} />
            </>
          )}
        </Fact>
        <Fact label={strings.contact.phone}>
          {contact.phone && (
            <>
              <a href={`tel:${contact.phone}`}>{contact.phone}</a>
              <ToldBy source={contact.toldBy.phone} channel={inbox.channel} />
            </>
          )}
        </Fact>
        {contact.lastSeenAt !== null && (
          <Fact label={strings.contact.lastSeen}>{momentText(contact.lastSeenAt, now)}</Fact>
        )}
      </Facts>
      {contact.page !== null && <VisitedPage page={contact.page} now={now} />}
      {Object.keys(contact.attributes).length > 0 && (
        <Facts title={strings.contact.details}>
          {Object.entries(contact.attributes).map(([label, value]) => (
            <Fact key={label} label={label}>
              {value}
            </Fact>
          ))}
        </Facts>
      )}
      <Facts title={strings.contact.conversation}>
        <Fact label={strings.contact.number}>{conversation.number}</Fact>
        {conversation.subject !== null && <Fact label={strings.contact.subject}>{conversation.subject}</Fact>}
        <Fact label={strings.contact.inbox}>{inbox.name}</Fact>
        <Fact label={strings.contact.channel}>{strings.channels[inbox.channel] ?? inbox.channel}</Fact>
        <Fact label={strings.contact.status}>{strings.statuses[conversation.status]}</Fact>
        <Fact label={strings.contact.priority}>{strings.priorities[conversation.priority]}</Fact>
        <Fact label={strings.contact.holder}>{assignee?.name ?? strings.contact.nobody}</Fact>
        <Fact label={strings.contact.started}>{momentText(conversation.createdAt, now)}</Fact>
      </Facts>
      {conversation.previousConversationId !== null && (
        <PreviousConversation id={conversation.previousConversationId} />
      )}
    </div>
  );
}

function VisitedPage({ page, now }: { page: NonNullable<ContactDto['page']>; now: number }) {
  return (
    <Facts title={strings.contact.page}>
      <Fact label={strings.contact.lastPage}>
        <WebLink url={page.url}>{page.title ?? page.url}</WebLink>
      </Fact>
      {page.referrer !== null && (
        <Fact label={strings.contact.cameFrom}>
          <WebLink url={page.referrer}>{page.referrer}</WebLink>
        </Fact>
      )}
      <Fact label={strings.contact.visited}>{momentText(page.at, now)}</Fact>
    </Facts>
  );
}

/** An address that the contact's browser told; the tip shows where it leads, whatever its title says. */
function WebLink({ url, children }: { url: string; children: string }) {
  return (
    <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function PreviousConversation({ id }: { id: string }) {
  const [query] = useSearchParams();
  const search = query.toString();
  return (
    <Link className={classes.link} to={{ pathname: `/inbox/${id}`, search }}>
      {strings.contact.previous}
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

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children || strings.contact.none}</dd>
    </div>
  );
}
