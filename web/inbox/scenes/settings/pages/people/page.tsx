import { lazy } from 'react';
import type { SettingsPageDefinition } from '../../../../logic/settings-pages.js';

/** The team: who belongs to it, in which role. */
export const page: SettingsPageDefinition = {
  id: 'people',
  group: 'people',
  order: 10,
  title: ({ t }) => t('people:title'),
  sentence: ({ t }) => t('people:sentence'),
  mayUse: ({ role }) => role === 'admin',
  Component: lazy(() => import('./PeoplePage.js')),
};
