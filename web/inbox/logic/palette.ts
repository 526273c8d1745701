import type { Runnable } from '../stores/command-registry.js';
import type { PaletteEntry } from './areas.js';
import { rank } from './fuzzy.js';
import type { KeyName } from './keys.js';

/** A line of the palette. */
export interface PaletteLine extends PaletteEntry {
  keys?: readonly KeyName[];
  minor?: boolean;
}

export interface PaletteGroup {
  name: string;
  lines: PaletteLine[];
}

/** With nothing typed each group shows its first lines; with a query the best of all are shown. */
const LINES_PER_GROUP = 6;
const MOST_LINES = 40;

/** The commands that mean something when they are picked from a list. */
export const commandLines = (commands: readonly Runnable[]): PaletteLine[] =>
  commands
    .filter(({ keysOnly, inDialogs }) => !keysOnly && !inDialogs)
    .map(({ id, label, group, keys = [], minor = false, run }) => ({ id, label, group, keys, minor, run }));

/** The lines that answer a query in groups; the group of the best line comes first. */
export function groupLines(query: string, lines: readonly PaletteLine[]): PaletteGroup[] {
  const searching = query.trim() !== '';
  const ordered = searching ? lines : [...lines].sort((a, b) => Number(a.minor ?? false) - Number(b.minor ?? false));
  const found = rank(query, ordered, ({ label, hint = '', group }) => `${label} ${hint} ${group}`);
  const groups = new Map<string, PaletteLine[]>();
  for (const line of searching ? found.slice(0, MOST_LINES) : found) {
    const held = groups.get(line.group) ?? [];
    if (searching || held.length < LINES_PER_GROUP) groups.set(line.group, [...held, line]);
  }
  return [...groups].map(([name, members]) => ({ name, lines: members }));
}

/** Which line the arrows go to from `at`, around the ends. */
export const step = (at: number, by: 1 | -1, count: number): number => (count === 0 ? 0 : (at + by + count) % count);
