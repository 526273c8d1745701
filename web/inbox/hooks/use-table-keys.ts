import type { KeyboardEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from './use-commands.js';

type Body = RefObject<HTMLElement | null>;

const rowLinks = (body: Body): HTMLElement[] => [
  ...(body.current?.querySelectorAll<HTMLElement>('tr > :first-child a') ?? []),
];

function focusRow(body: Body, pick: (at: number, count: number) => number): void {
  const links = rowLinks(body);
  const at = links.findIndex((link) => link === document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, pick(at, links.length)))]?.focus();
}

/** j and k, or arrows, go from row to row of a table; / begins a search where there is one. */
export function useTableKeys(body: Body, search: RefObject<HTMLInputElement | null> | null): void {
  const { t } = useTranslation('settings');
  const group = t('table.keys.group');
  useCommands([
    {
      id: 'table.next',
      group,
      label: t('table.keys.next'),
      keys: ['j', 'ArrowDown'],
      keysOnly: true,
      run: () => focusRow(body, (at) => at + 1),
    },
    {
      id: 'table.previous',
      group,
      label: t('table.keys.previous'),
      keys: ['k', 'ArrowUp'],
      keysOnly: true,
      run: () => focusRow(body, (at) => at - 1),
    },
    ...(search === null
      ? []
      : [
          {
            id: 'table.search',
            group,
            label: t('table.keys.search'),
            keys: ['/'],
            keysOnly: true,
            run: () => search.current?.focus(),
          },
        ]),
  ]);
}

/** Home and End go to the first and the last row. */
export function moveFocus(body: Body, event: KeyboardEvent): void {
  if (event.key !== 'Home' && event.key !== 'End') return;
  event.preventDefault();
  focusRow(body, (_, count) => (event.key === 'Home' ? 0 : count - 1));
}
