import { useInfiniteQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import type { Page } from '../../../src/shared/schemas/paging.js';

/** Where a table has its rows from. */
export interface TableSource<T> {
  /** Undefined: not loaded yet, or not to be had. */
  rows: readonly T[] | undefined;
  error: unknown;
  retry(): void;
  /** What follows, where the server has more. */
  more?: { load(): void; loading: boolean; error: unknown };
}

/** Rows of a list that comes as a whole. */
export const wholeList = <T>({ data, error, refetch }: UseQueryResult<{ items: T[] }>): TableSource<T> => ({
  rows: data?.items,
  error,
  retry: () => void refetch(),
});

/** Rows of a list that comes in pages, each of which names the cursor of the next. */
export function usePagedList<T>(queryKey: QueryKey, read: (cursor: string | null) => Promise<Page<T>>): TableSource<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
  });
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } = query;
  const load = (): void => void fetchNextPage();
  return {
    rows: data?.pages.flatMap(({ items }) => items),
    error: isFetchNextPageError ? null : error,
    retry: () => void refetch(),
    ...(hasNextPage ? { more: { load, loading: isFetchingNextPage, error: isFetchNextPageError ? error : null } } : {}),
  };
}
