import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { LabelDto } from '../../../src/shared/schemas/label.js';
import type { HttpClient } from '../api/http.js';
import { labelsApi } from '../api/labels.js';
import { useApp } from './app-context.js';

/** The labels by title; sockets tell of changes. */
export const labelsQuery = (http: HttpClient) => ({
  queryKey: ['labels'],
  queryFn: () => labelsApi(http).list(),
  meta: { told: true },
});

export function useLabels(): UseQueryResult<{ items: LabelDto[] }> {
  return useQuery(labelsQuery(useApp().http));
}
