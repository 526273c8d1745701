import { lazy } from 'react';
import type { AreaContext, AreaDefinition, PaletteEntry } from '../../logic/areas.js';
import { pagesFor } from '../../logic/settings-pages.js';
import type { CommandPart } from '../../stores/command-registry.js';
import { PAGES } from './pages.js';

const SettingsScene = lazy(() => import('./SettingsScene.js'));

/** What is set for the whole company. */
export const area: AreaDefinition = {
  id: 'settings',
  access: 'staff',
  mayUse: (user) => pagesFor(PAGES, user).length > 0,
  rail: { order: 90, icon: 'settings', label: ({ t }) => t('shell:area.settings'), to: '/settings', key: 's' },
  routes: [{ path: '/settings/*', element: <SettingsScene /> }],
  commands,
  entries,
};

function commands({ words: { t } }: AreaContext): CommandPart[] {
  const group = t('shell:area.settings');
  return [
    { id: 'settings.back', group, label: t('settings:command.back'), keys: ['Escape'], keysOnly: true },
    { id: 'settings.save', group, label: t('settings:command.save'), keys: ['mod+Enter', 'Enter'] },
  ];
}

async function entries(context: AreaContext): Promise<PaletteEntry[]> {
  const { user, words, navigate } = context;
  const pages = pagesFor(PAGES, user);
  const found = pages.map(({ id, title, sentence }): PaletteEntry => ({
    id: `settings.${id}`,
    label: title(words),
    hint: sentence(words),
    group: words.t('settings:title'),
    icon: 'settings',
    run: () => navigate(`/settings/${id}`),
  }));
  const within = await Promise.all(pages.map((page) => page.entries?.(context) ?? []));
  return [...found, ...within.flat()];
}
