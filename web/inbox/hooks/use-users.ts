import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import { usersApi } from '../api/users.js';
import { queryKeys } from '../stores/inbox-cache.js';
import { useApi } from './app-context.js';

/** No event tells of somebody who joins, leaves or changes their role. */
const FRESH_FOR_MS = 60_000;

/** The team by name; read only where `enabled`. */
export function useUsers(enabled = true): UseQueryResult<{ items: UserDto[] }> {
  const api = useApi(usersApi);
  return useQuery({ queryKey: queryKeys.users, queryFn: api.list, enabled, staleTime: FRESH_FOR_MS });
}
