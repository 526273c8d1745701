import { Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation, useNavigate, useRoutes } from 'react-router';
import { useApp } from '../hooks/app-context.js';
import { useCommands } from '../hooks/use-commands.js';
import { useKeyStrokes } from '../hooks/use-key-strokes.js';
import { homeOf, usableAreas, type AreaContext, type AreaDefinition } from '../logic/areas.js';
import { ErrorBoundary } from './ErrorBoundary.js';
import { Palette } from './Palette.js';
import { Rail } from './Rail.js';
import classes from './Shell.module.css';

const KeyList = lazy(() => import('./KeyList.js'));

/** The frame of the logged-in app: rail, the area on screen, palette and list of keys. */
export function Shell({ areas }: { areas: readonly AreaDefinition[] }) {
  const { t } = useTranslation('shell');
  const { user } = useApp();
  const usable = useMemo(() => usableAreas(areas, user), [areas, user]);
  const context = useAreaContext();
  const [finding, palette] = useDisclosure(false);
  const [listing, keys] = useDisclosure(false);
  useKeyStrokes();
  useAreaCommands(usable, context);
  useCommands([
    {
      id: 'app.palette',
      group: t('group.general'),
      label: t('command.palette'),
      keys: ['mod+k'],
      keysOnly: true,
      run: palette.open,
    },
    { id: 'app.keys', minor: true, group: t('group.general'), label: t('command.keys'), keys: ['?'], run: keys.open },
  ]);

  return (
    <div className={classes.root}>
      <a className="sb-skip" href="#content">
        {t('skip')}
      </a>
      <Rail areas={usable} onFind={palette.open} onKeys={keys.open} />
      <div className={classes.content} id="content" tabIndex={-1}>
        <AreaOnScreen areas={usable} />
      </div>
      {finding && <Palette areas={usable} context={context} onClose={palette.close} />}
      <Suspense>{listing && <KeyList onClose={keys.close} />}</Suspense>
    </div>
  );
}

function AreaOnScreen({ areas }: { areas: readonly AreaDefinition[] }) {
  const { pathname } = useLocation();
  const routes = areas.flatMap((area) => area.routes);
  const scene = useRoutes([...routes, { path: '*', element: <Navigate to={homeOf(areas)} replace /> }]);
  const providers = areas.flatMap(({ Provider }) => Provider ?? []);
  const within = (inner: ReactNode): ReactNode =>
    providers.reduceRight<ReactNode>((children, Provider) => <Provider>{children}</Provider>, inner);
  return within(
    // Another area works even where one has failed.
    <ErrorBoundary key={pathname.split('/')[1]}>
      <Suspense fallback={<AreaSkeleton />}>{scene}</Suspense>
    </ErrorBoundary>,
  );
}

function AreaSkeleton() {
  const { t } = useTranslation('shell');
  return (
    <div className={classes.skeleton} role="status" aria-busy="true" aria-label={t('loading')}>
      <Skeleton h={28} w={220} />
      <Skeleton h={16} w="60%" />
      <Skeleton h={200} />
    </div>
  );
}

function useAreaContext(): AreaContext {
  const app = useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { i18n } = useTranslation('shell');
  return useMemo(
    () => ({ ...app, words: i18n, queryClient, navigate: (to) => void navigate(to) }),
    [app, i18n, queryClient, navigate],
  );
}

/** Registers what the areas declare, and the way to each. */
function useAreaCommands(areas: readonly AreaDefinition[], context: AreaContext): void {
  const { commands } = context;
  useEffect(() => {
    const { t } = context.words;
    const declared = () => areas.flatMap((area) => area.commands?.(context) ?? []);
    const ways = () =>
      areas.flatMap(({ id, rail }) => {
        if (rail === undefined) return [];
        const label = t('shell:command.goTo', { area: rail.label(context.words) });
        const keys = rail.key === undefined ? [] : [`g ${rail.key}`];
        return [{ id: `go.${id}`, group: t('shell:group.goTo'), label, keys, run: () => context.navigate(rail.to) }];
      });
    const stops = [commands.register(declared), commands.register(ways)];
    return () => stops.forEach((stop) => stop());
  }, [commands, areas, context]);
}
