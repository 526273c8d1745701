import type { AreaContext, AreaDefinition, PaletteEntry } from '../../logic/areas.js';
import { PARTS } from '../../parts.js';
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
  commands: (context) => [...inboxCommands(context), ...PARTS.flatMap((part) => part.commands?.(context) ?? [])],
  entries,
};

async function entries(context: AreaContext): Promise<PaletteEntry[]> {
  const found = await Promise.all(
    [inboxEntries, ...PARTS.flatMap((part) => part.entries ?? [])].map((of) => of(context)),
  );
  return found.flat();
}
