import { lazy } from 'react';
import type { SettingsPageDefinition } from '../../../../logic/settings-pages.js';

/** The connected accounts. */
export const page: SettingsPageDefinition = {
  id: 'inboxes',
  group: 'inboxes',
  order: 10,
  title: ({ t }) => t('inboxes:title'),
  sentence: ({ t }) => t('inboxes:sentence'),
  mayUse: ({ role }) => role === 'admin',
  Component: lazy(() => import('./InboxesPage.js')),
};
