import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';
import type { InboxDto } from '../../../../../../src/shared/schemas/inbox.js';
import { ChannelName } from '../../../../components/ChannelName.js';
import { DataTable, type Column } from '../../../../components/DataTable.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useInboxes } from '../../../../hooks/use-inboxes.js';
import { wholeList } from '../../../../hooks/use-table-source.js';
import { EditInbox } from './EditInbox.js';
import { InboxState } from './InboxState.js';

/** The connected accounts, and one of them. */
export default function InboxesPage() {
  return (
    <Routes>
      <Route index element={<InboxList />} />
      <Route path=":inboxId" element={<EditInbox />} />
    </Routes>
  );
}

function InboxList() {
  const { t } = useTranslation('inboxes');
  const inboxes = useInboxes();
  const columns: readonly [Column<InboxDto>, ...Column<InboxDto>[]] = [
    { id: 'name', label: t('name'), render: ({ name }) => name, sortBy: ({ name }) => name },
    {
      id: 'channel',
      label: t('channel'),
      render: ({ channel }) => <ChannelName channel={channel} />,
      sortBy: ({ channel }) => channel,
      wideOnly: true,
    },
    { id: 'state', label: t('state'), render: (inbox) => <InboxState inbox={inbox} />, sortBy: ({ state }) => state },
    {
      id: 'members',
      label: t('members'),
      render: ({ memberIds }) => t('memberCount', { count: memberIds.length }),
      sortBy: ({ memberIds }) => memberIds.length,
    },
  ];
  return (
    <SettingsPage>
      <DataTable
        label={t('title')}
        source={wholeList(inboxes)}
        columns={columns}
        rowId={({ id }) => id}
        rowTo={({ id }) => `/settings/inboxes/${id}`}
        textOf={({ name, channel }) => `${name} ${channel}`}
        empty={{ icon: 'inbox', title: t('empty'), hint: t('emptyHint') }}
      />
    </SettingsPage>
  );
}
