import type { AreaDefinition } from '../../logic/areas.js';
import { inboxCommands } from './commands.js';
import { inboxEntries } from './entries.js';
import { InboxProvider } from './InboxProvider.js';
import { InboxScene } from './InboxScene.js';

/** The conversations. */
export const area: AreaDefinition = {
  id: 'inbox',
  access: 'staff',
  rail: { order: 10, icon: 'inbox', label: ({ t }) => t('shell:area.inbox'), to: '/inbox', key: 'i' },
  routes: [
    { path: '/inbox', element: <InboxScene /> },
    { path: '/inbox/:conversationId', element: <InboxScene /> },
  ],
  Provider: InboxProvider,
  commands: inboxCommands,
  entries: inboxEntries,
};
