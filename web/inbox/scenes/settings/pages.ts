import { collectPages, type SettingsPageDefinition } from '../../logic/settings-pages.js';

/** Every page of the settings, found by its folder. */
export const PAGES = collectPages(
  import.meta.glob<SettingsPageDefinition>('./pages/*/page.tsx', { eager: true, import: 'page' }),
);
