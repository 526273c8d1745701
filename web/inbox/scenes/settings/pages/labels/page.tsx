import { lazy } from 'react';
import type { AreaContext, PaletteEntry } from '../../../../logic/areas.js';
import { leads } from '../../../../logic/permissions.js';
import type { SettingsPageDefinition } from '../../../../logic/settings-pages.js';

/** The labels that conversations are sorted by. */
export const page: SettingsPageDefinition = {
  id: 'labels',
  group: 'work',
  order: 50,
  title: ({ t }) => t('labels:title'),
  sentence: ({ t }) => t('labels:sentence'),
  mayUse: leads,
  entries,
  Component: lazy(() => import('./LabelsPage.js')),
};

function entries({ words: { t }, navigate }: AreaContext): Promise<PaletteEntry[]> {
  return Promise.resolve([
    {
      id: 'settings.labels.new',
      label: t('labels:add'),
      group: t('settings:title'),
      icon: 'plus',
      run: () => navigate('/settings/labels/new'),
    },
  ]);
}
