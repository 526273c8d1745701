import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../api/failure.js';
import { SettingsPage } from './SettingsPage.js';
import { StateView } from './StateView.js';

interface LoadedProps<D, T> {
  query: UseQueryResult<D>;
  /** The thing among what was read; undefined: it is not there. */
  find: (data: D) => T | undefined;
  /** Said when it is not there. */
  gone: string;
  children: (thing: T) => ReactNode;
}

/** One thing of a list that is read first: the thing, or that it loads, failed or is gone. */
export function Loaded<D, T>({ query, find, gone, children }: LoadedProps<D, T>) {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const thing = query.data === undefined ? undefined : find(query.data);
  if (thing !== undefined) return children(thing);
  const title = query.data === undefined ? t('common:loading') : gone;
  return (
    <SettingsPage part={{ title }}>
      {query.isError && (
        <StateView
          icon="alert"
          title={t('table.failed')}
          hint={messageOf(i18n, query.error)}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && (
        <Stack maw="34rem" role="status" aria-busy="true" aria-label={t('common:loading')}>
          <Skeleton h={36} />
          <Skeleton h={36} />
        </Stack>
      )}
    </SettingsPage>
  );
}
