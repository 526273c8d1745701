import { Badge, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';
import type { InboxDto } from '../../../src/shared/schemas/inbox.js';
import type { ListView, ViewCounts } from '../../../src/shared/schemas/view.js';
import type { Words } from '../i18n/instance.js';
import { useApp } from '../hooks/app-context.js';
import { INBOXES_EVERY_MS, useInboxes } from '../hooks/use-inboxes.js';
import { useNow } from '../hooks/use-now.js';
import { leads } from '../logic/permissions.js';
import { badgeCount } from '../logic/names.js';
import { holdReason } from '../logic/reply-notice.js';
import { unfiltered, viewKey, viewToQuery } from '../logic/view.js';
import { queryKeys } from '../stores/inbox-cache.js';
import { ChannelMark } from './ChannelMark.js';
import { Icon } from './Icon.js';
import classes from './ViewNav.module.css';

interface ViewNavProps {
  view: ListView;
  onChosen?: () => void;
}

/** The views that the reader may open, with what waits in them. */
export function ViewNav({ view, onChosen }: ViewNavProps) {
  const { t, i18n } = useTranslation(['views', 'common']);
  const { user } = useApp();
  const inboxes = useInboxes();
  const counts = useQuery<ViewCounts>({ queryKey: queryKeys.counts, enabled: false, queryFn: () => NO_COUNTS });
  const shared = { current: viewKey({ ...unfiltered(view), done: false }), done: Boolean(view.done), onChosen };
  const items = inboxes.data?.items ?? [];
  const now = useNow(INBOXES_EVERY_MS);

  return (
    <nav className={classes.root} aria-label={t('label')}>
      <div className={classes.views}>
        <ViewLink
          view={{ kind: 'mine' }}
          label={t('mine')}
          count={counts.data?.mine}
          icon={<Icon name="person" />}
          {...shared}
        />
        {inboxes.isPending && <Skeleton h={72} radius="md" m="xs" />}
        {inboxes.isError && (
          <Text size="sm" c="dimmed" p="sm">
            {t('inboxesFailed')}
          </Text>
        )}
        <NavSection title={t('unassigned')} inboxes={items}>
          {(inbox) => (
            <ViewLink
              view={{ kind: 'unassigned', inboxId: inbox.id }}
              label={<bdi>{inbox.name}</bdi>}
              count={counts.data?.unassigned[inbox.id]}
              icon={<ChannelMark channel={inbox.channel} size={18} />}
              problem={problemOf(i18n, inbox, now)}
              {...shared}
            />
          )}
        </NavSection>
        {leads(user) && (
          <NavSection title={t('all')} inboxes={items}>
            {(inbox) => (
              <ViewLink
                view={{ kind: 'inbox', inboxId: inbox.id }}
                label={<bdi>{inbox.name}</bdi>}
                icon={<ChannelMark channel={inbox.channel} size={18} />}
                {...shared}
              />
            )}
          </NavSection>
        )}
      </div>
    </nav>
  );
}

const NO_COUNTS: ViewCounts = { mine: 0, unassigned: {}, unassignedOfTeams: {} };

interface NavSectionProps {
  title: string;
  inboxes: InboxDto[];
  children: (inbox: InboxDto) => React.ReactNode;
}

function NavSection({ title, inboxes, children }: NavSectionProps) {
  if (inboxes.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text component="h2" className={classes.heading}>
        {title}
      </Text>
      <ul className={classes.list}>
        {inboxes.map((inbox) => (
          <li key={inbox.id}>{children(inbox)}</li>
        ))}
      </ul>
    </section>
  );
}

interface ViewLinkProps {
  view: ListView;
  label: React.ReactNode;
  icon: React.ReactNode;
  count?: number | undefined;
  problem?: string | null;
  current: string;
  done: boolean;
  onChosen: (() => void) | undefined;
}

function ViewLink({ view, label, icon, count = 0, problem = null, current, done, onChosen }: ViewLinkProps) {
  const { i18n } = useTranslation();
  const isCurrent = viewKey(view) === current;
  return (
    <Link
      className={classes.link}
      to={`/inbox${viewToQuery({ ...view, done })}`}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onChosen}
    >
      <span className={classes.icon}>{icon}</span>
      <span className={classes.label}>{label}</span>
      {problem !== null && <Icon name="alert" size={16} className={classes.problem} label={problem} />}
      {count > 0 && (
        <Badge size="sm" variant={isCurrent ? 'filled' : 'default'} className={classes.count}>
          {badgeCount(i18n, count)}
        </Badge>
      )}
    </Link>
  );
}

function problemOf(words: Words, inbox: InboxDto, now: number): string | null {
  if (inbox.state === 'needs_reauthorisation') return words.t('views:needsReauthorisation');
  if (inbox.state === 'disconnected') return words.t('views:disconnected');
  return holdReason(words, inbox.hold, now);
}
