import type { AreaContext } from '../../logic/areas.js';
import type { CommandPart } from '../../stores/command-registry.js';

/** What can be done in the inbox. Scene and components add what each does while they are on screen. */
export function inboxCommands({ words: { t } }: AreaContext): CommandPart[] {
  const group = t('shell:area.inbox');
  return [
    { id: 'inbox.next', group, label: t('inbox:command.next'), keys: ['j', 'ArrowDown'], keysOnly: true },
    { id: 'inbox.previous', group, label: t('inbox:command.previous'), keys: ['k', 'ArrowUp'], keysOnly: true },
    { id: 'inbox.reply', group, label: t('inbox:command.reply'), keys: ['r'] },
    { id: 'inbox.note', group, label: t('inbox:command.note'), keys: ['n'] },
    { id: 'inbox.send', group, label: t('inbox:command.send'), keys: ['Enter'] },
    { id: 'inbox.newLine', group, label: t('inbox:command.newLine'), keys: ['shift+Enter'] },
    { id: 'inbox.leave', group, label: t('inbox:command.leave'), keys: ['Escape'] },
    { id: 'inbox.previousImage', group, label: t('inbox:command.previousImage'), keys: ['ArrowLeft'] },
    { id: 'inbox.nextImage', group, label: t('inbox:command.nextImage'), keys: ['ArrowRight'] },
  ];
}
