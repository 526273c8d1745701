import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';
import type { UserDto } from '../../../../../../src/shared/schemas/user.js';
import { DataTable, type Column } from '../../../../components/DataTable.js';
import { Icon } from '../../../../components/Icon.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { wholeList } from '../../../../hooks/use-table-source.js';
import { useUsers } from '../../../../hooks/use-users.js';
import { EditPerson } from './EditPerson.js';
import { NewPerson } from './NewPerson.js';
import { StateBadge } from './StateBadge.js';

/** The team, adding to it, and one person of it. */
export default function PeoplePage() {
  return (
    <Routes>
      <Route index element={<PeopleList />} />
      <Route path="new" element={<NewPerson />} />
      <Route path=":userId" element={<EditPerson />} />
    </Routes>
  );
}

function PeopleList() {
  const { t } = useTranslation(['people', 'common']);
  const users = useUsers();
  const columns: readonly [Column<UserDto>, ...Column<UserDto>[]] = [
    { id: 'name', label: t('name'), render: ({ name }) => name, sortBy: ({ name }) => name },
    { id: 'email', label: t('email'), render: ({ email }) => email, sortBy: ({ email }) => email, wideOnly: true },
    {
      id: 'role',
      label: t('role'),
      render: ({ role }) => t(`common:role.${role}`),
      sortBy: ({ role }) => t(`common:role.${role}`),
    },
    {
      id: 'state',
      label: t('state'),
      render: ({ active }) => <StateBadge active={active} />,
      sortBy: ({ active }) => Number(!active),
    },
  ];
  return (
    <SettingsPage
      actions={
        <Button component={Link} to="/settings/people/new" leftSection={<Icon name="plus" size={16} />}>
          {t('add')}
        </Button>
      }
    >
      <DataTable
        label={t('title')}
        source={wholeList(users)}
        columns={columns}
        rowId={({ id }) => id}
        rowTo={({ id }) => `/settings/people/${id}`}
        textOf={({ name, email, role }) => `${name} ${email} ${t(`common:role.${role}`)}`}
        empty={{ icon: 'team', title: t('empty'), hint: t('emptyHint') }}
      />
    </SettingsPage>
  );
}
