import type { UseQueryResult } from '@tanstack/react-query';

/** Where a table has its rows from. */
export interface TableSource<T> {
  /** Undefined: not loaded yet, or not to be had. */
  rows: readonly T[] | undefined;
  error: unknown;
  retry(): void;
}

/** Rows of a list that comes as a whole. */
export const wholeList = <T>({ data, error, refetch }: UseQueryResult<{ items: T[] }>): TableSource<T> => ({
  rows: data?.items,
  error,
  retry: () => void refetch(),
});
