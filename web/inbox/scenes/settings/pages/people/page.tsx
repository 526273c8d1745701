import { lazy } from 'react';
import { usersApi } from '../../../../api/users.js';
import type { AreaContext, PaletteEntry } from '../../../../logic/areas.js';
import type { SettingsPageDefinition } from '../../../../logic/settings-pages.js';
import { queryKeys } from '../../../../stores/inbox-cache.js';

/** The team: who belongs to it, in which role. */
export const page: SettingsPageDefinition = {
  id: 'people',
  group: 'people',
  order: 10,
  title: ({ t }) => t('people:title'),
  sentence: ({ t }) => t('people:sentence'),
  mayUse: ({ role }) => role === 'admin',
  entries,
  Component: lazy(() => import('./PeoplePage.js')),
};

/** Each person of the team. */
async function entries({ queryClient, http, words, navigate }: AreaContext): Promise<PaletteEntry[]> {
  const { items } = await queryClient.fetchQuery({
    queryKey: queryKeys.users,
    queryFn: () => usersApi(http).list(),
    staleTime: 60_000,
  });
  return items.map(({ id, name, email }) => ({
    id: `person.${id}`,
    label: name,
    hint: email,
    group: words.t('shell:group.people'),
    icon: 'person',
    run: () => navigate(`/settings/people/${id}`),
  }));
}
