import type { i18n } from 'i18next';
import type { ComponentType } from 'react';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { AreaContext, PaletteEntry } from './areas.js';

/** The groups of the settings in their order. */
export const SETTINGS_GROUPS = ['company', 'people', 'inboxes', 'work', 'knowledge', 'automation', 'data'] as const;

export type SettingsGroup = (typeof SETTINGS_GROUPS)[number];

/**
 * A page of the settings. `scenes/settings/pages/<id>/page.tsx` exports one as `page`; nothing else names it. It lives at
 * `/settings/<id>` and may have routes below.
 */
export interface SettingsPageDefinition {
  /** The name of its folder and its address. */
  id: string;
  group: SettingsGroup;
  /** Ascending within its group; tens, so that others fit between. */
  order: number;
  title(words: i18n): string;
  /** One sentence: what it is for. */
  sentence(words: i18n): string;
  /** Who may see it. The server decides again. */
  mayUse(user: UserDto): boolean;
  /** What the palette finds in it beside the page itself. */
  entries?: (context: AreaContext) => Promise<PaletteEntry[]>;
  /** Best `lazy`, so that it is loaded when somebody goes there. */
  Component: ComponentType;
}

/**
 * The pages of a glob over `pages/<id>/page.tsx`, in the order of the list. @throws Error for a page that is not named like
 * its folder: a mistake of whoever wrote it.
 */
export function collectPages(found: Record<string, SettingsPageDefinition>): SettingsPageDefinition[] {
  for (const [path, { id }] of Object.entries(found)) {
    if (path.split('/').at(-2) !== id)
      throw new Error(`${path} calls itself "${id}"; a page is named like its folder.`);
  }
  const placeOf = ({ group }: SettingsPageDefinition): number => SETTINGS_GROUPS.indexOf(group);
  return Object.values(found).sort((a, b) => placeOf(a) - placeOf(b) || a.order - b.order || a.id.localeCompare(b.id));
}

export const pagesFor = (pages: readonly SettingsPageDefinition[], user: UserDto): SettingsPageDefinition[] =>
  pages.filter((page) => page.mayUse(user));

/** Pages by group; groups without pages are left out. */
export const groupPages = (pages: readonly SettingsPageDefinition[]) =>
  SETTINGS_GROUPS.flatMap((group) => {
    const members = pages.filter((page) => page.group === group);
    return members.length === 0 ? [] : [{ group, pages: members }];
  });
