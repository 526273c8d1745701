import { useMediaQuery } from '@mantine/hooks';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes, useLocation, useNavigate } from 'react-router';
import { SettingsPageContext } from '../../components/SettingsPage.js';
import { useApp } from '../../hooks/app-context.js';
import { useCommands } from '../../hooks/use-commands.js';
import { groupPages, pagesFor, type SettingsPageDefinition } from '../../logic/settings-pages.js';
import { PAGES } from './pages.js';
import classes from './SettingsScene.module.css';

/** The frame of the settings: the list of pages at the left, the page beside it. On a phone one at a time. */
export default function SettingsScene() {
  const { user } = useApp();
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const pages = pagesFor(PAGES, user);
  const parent = useParent();
  const navigate = useNavigate();
  useCommands([
    { id: 'settings.back', when: () => parent !== null, run: () => parent !== null && void navigate(parent) },
  ]);

  const first = pages[0]?.id;
  return (
    <main className={classes.root} data-pane={parent === null ? 'list' : 'page'}>
      <PageList pages={pages} alone={parent === null} />
      <div className={classes.page}>
        <Suspense>
          <Routes>
            <Route index element={phone || first === undefined ? null : <Navigate to={first} replace />} />
            {pages.map((page) => (
              <Route
                key={page.id}
                path={`${page.id}/*`}
                element={
                  <SettingsPageContext.Provider value={page}>
                    <page.Component />
                  </SettingsPageContext.Provider>
                }
              />
            ))}
            <Route path="*" element={<Navigate to="/settings" replace />} />
          </Routes>
        </Suspense>
      </div>
    </main>
  );
}

/** The address one level up from the page on screen; null: there is none. */
function useParent(): string | null {
  const parts = useLocation().pathname.split('/').filter(Boolean);
  return parts.length > 1 ? `/${parts.slice(0, -1).join('/')}` : null;
}

/** Alone on a phone's screen its title is the page's. */
function PageList({ pages, alone }: { pages: SettingsPageDefinition[]; alone: boolean }) {
  const { t, i18n } = useTranslation('settings');
  return (
    <nav className={classes.nav} aria-label={t('list')}>
      {alone ? <h1 className={classes.title}>{t('title')}</h1> : <h2 className={classes.title}>{t('title')}</h2>}
      {groupPages(pages).map(({ group, pages: members }) => (
        <section key={group} aria-label={t(`group.${group}`)}>
          <h3 className={classes.heading}>{t(`group.${group}`)}</h3>
          <ul className={classes.list}>
            {members.map(({ id, title }) => (
              <li key={id}>
                <NavLink className={classes.link ?? ''} to={`/settings/${id}`}>
                  {title(i18n)}
                </NavLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
