import { plain } from './fuzzy.js';

/** What a column sorts by; null stands last in either direction. */
export type SortValue = string | number | null;

export interface Sorting {
  columnId: string;
  descending: boolean;
}

/** The rows whose text holds every word of a query, whatever its case and marks. */
export function searchRows<T>(rows: readonly T[], query: string, textOf: (row: T) => string): T[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = plain(textOf(row));
    return words.every((word) => text.includes(word));
  });
}

/** Rows in order; equal ones keep theirs. */
export function sortRows<T>(rows: readonly T[], valueOf: (row: T) => SortValue, descending: boolean): T[] {
  return [...rows].sort((a, b) => {
    const [first, second] = [valueOf(a), valueOf(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return compare(first, second) * (descending ? -1 : 1);
  });
}

/** The order after a click on a column: up, down, and the first again. */
export const nextSorting = (held: Sorting, columnId: string): Sorting =>
  held.columnId === columnId ? { columnId, descending: !held.descending } : { columnId, descending: false };

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true, sensitivity: 'base' });
