import type { i18n } from 'i18next';
import type { QueryClient } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import type { RouteObject } from 'react-router';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { IconName } from '../components/icon-paths.js';
import type { App } from '../hooks/app-context.js';
import type { CommandPart } from '../stores/command-registry.js';
import type { KeyName } from './keys.js';

/** What an area's commands and palette entries work with. */
export interface AreaContext extends App {
  words: i18n;
  queryClient: QueryClient;
  navigate(to: string): void;
}

/** Something the palette finds beside the commands: a view, a person, a conversation. */
export interface PaletteEntry {
  id: string;
  label: string;
  /** Said beside the label, and searched too. */
  hint?: string;
  group: string;
  icon?: IconName;
  run(): void;
}

/** A place in the rail. */
export interface RailPlace {
  /** Ascending from the top; tens, so that others fit between. */
  order: number;
  icon: IconName;
  label(words: i18n): string;
  /** Where it leads. */
  to: string;
  /** Goes there after `g`. */
  key?: KeyName;
}

/**
 * A part of the app. `scenes/<id>/area.tsx` exports one as `area`; nothing else names it. Scenes that not everybody opens at
 * once are `lazy` components.
 */
export interface AreaDefinition {
  /** The name of its folder. */
  id: string;
  /** Pages before the log-in are `public`. */
  access: 'public' | 'staff';
  /** Who may use it; without it all staff. The server decides again. */
  mayUse?: (user: UserDto) => boolean;
  rail?: RailPlace;
  /** Absolute paths. */
  routes: RouteObject[];
  /** Holds what the area keeps while others are on screen. */
  Provider?: ComponentType<{ children: ReactNode }>;
  /** What it declares for the palette and its keys; components add `run` to those that need them (`useCommands`). */
  commands?: (context: AreaContext) => CommandPart[];
  /** What the palette finds in it; read when the palette opens. */
  entries?: (context: AreaContext) => Promise<PaletteEntry[]>;
}

/**
 * The areas of a glob over `scenes/<id>/area.tsx`, in the order of the rail. @throws Error for an area that is not named
 * like its folder or shares its place or its key with another: all are mistakes of whoever wrote it.
 */
export function collectAreas(found: Record<string, AreaDefinition>): AreaDefinition[] {
  for (const [path, { id }] of Object.entries(found)) {
    if (path.split('/').at(-2) !== id)
      throw new Error(`${path} calls itself "${id}"; an area is named like its folder.`);
  }
  const areas = Object.values(found).sort((a, b) => placeOf(a) - placeOf(b) || a.id.localeCompare(b.id));
  assertUnlike(areas, 'rail place', ({ rail }) => rail?.order);
  assertUnlike(areas, 'rail key', ({ rail }) => rail?.key);
  return areas;
}

/** The areas that a reader may use; null: nobody is logged in. */
export const usableAreas = (areas: readonly AreaDefinition[], user: UserDto | null): AreaDefinition[] =>
  areas.filter(({ access, mayUse }) => {
    if (user === null) return access === 'public';
    return access === 'staff' && mayUse?.(user) !== false;
  });

/** The way to the first place of the rail. */
export const homeOf = (areas: readonly AreaDefinition[]): string =>
  areas.find(({ rail }) => rail !== undefined)?.rail?.to ?? '/';

const placeOf = ({ rail }: AreaDefinition): number => rail?.order ?? Infinity;

function assertUnlike(areas: AreaDefinition[], what: string, of: (area: AreaDefinition) => unknown): void {
  const seen = new Map<unknown, string>();
  for (const area of areas) {
    const value = of(area);
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other !== undefined) throw new Error(`The areas "${other}" and "${area.id}" have the same ${what}.`);
    seen.set(value, area.id);
  }
}
