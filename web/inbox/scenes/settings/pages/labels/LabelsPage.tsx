import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';
import type { LabelDto } from '../../../../../../src/shared/schemas/label.js';
import { DataTable, type Column } from '../../../../components/DataTable.js';
import { Icon } from '../../../../components/Icon.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useLabels } from '../../../../hooks/use-labels.js';
import { wholeList } from '../../../../hooks/use-table-source.js';
import { LabelChip } from '../../../../parts/labels/LabelChips.js';
import { EditLabel, NewLabel } from './LabelForm.js';

/** The labels, a new one, and one of them. */
export default function LabelsPage() {
  return (
    <Routes>
      <Route index element={<LabelList />} />
      <Route path="new" element={<NewLabel />} />
      <Route path=":labelId" element={<EditLabel />} />
    </Routes>
  );
}

function LabelList() {
  const { t } = useTranslation('labels');
  const columns: readonly [Column<LabelDto>, ...Column<LabelDto>[]] = [
    {
      id: 'title',
      label: t('labelTitle'),
      render: (label) => <LabelChip label={label} />,
      sortBy: ({ title }) => title,
    },
    {
      id: 'description',
      label: t('description'),
      render: ({ description }) => <bdi>{description}</bdi>,
      wideOnly: true,
    },
    {
      id: 'colour',
      label: t('colour'),
      render: ({ colour }) => t(`colours.${colour}`),
      sortBy: ({ colour }) => t(`colours.${colour}`),
    },
  ];
  return (
    <SettingsPage
      actions={
        <Button component={Link} to="/settings/labels/new" leftSection={<Icon name="plus" size={16} />}>
          {t('add')}
        </Button>
      }
    >
      <DataTable
        label={t('title')}
        source={wholeList(useLabels())}
        columns={columns}
        rowId={({ id }) => id}
        rowTo={({ id }) => `/settings/labels/${id}`}
        textOf={({ title, description }) => `${title} ${description}`}
        empty={{ icon: 'label', title: t('empty'), hint: t('emptyHint') }}
      />
    </SettingsPage>
  );
}
