import { Anchor } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { createContext, useContext, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SettingsPageDefinition } from '../logic/settings-pages.js';
import { Icon } from './Icon.js';
import classes from './SettingsPage.module.css';

/** The page of the settings that is on screen. */
export const SettingsPageContext = createContext<SettingsPageDefinition | null>(null);

interface SettingsPageProps {
  /** What this part of the page is about, such as one person; without it the page's own title and sentence. */
  part?: { title: string; sentence?: string };
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** Title, sentence and actions of a settings page, over its table or form. */
export function SettingsPage({ part, actions, children }: SettingsPageProps) {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const page = useContext(SettingsPageContext);
  if (page === null) throw new Error('A SettingsPage stands in the settings');
  const title = part?.title ?? page.title(i18n);
  const sentence = part === undefined ? page.sentence(i18n) : part.sentence;
  useDocumentTitle(`${title} · ${t('common:product')}`);
  return (
    <div className={classes.root}>
      {part === undefined ? (
        <Back to="/settings" className={classes.phoneOnly}>
          {t('title')}
        </Back>
      ) : (
        <Back to={`/settings/${page.id}`}>{page.title(i18n)}</Back>
      )}
      <header className={classes.header}>
        <div className={classes.words}>
          <h1 className={classes.title}>{title}</h1>
          {sentence !== undefined && <p className={classes.sentence}>{sentence}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  );
}

function Back({ to, className, children }: { to: string; className?: string | undefined; children: ReactNode }) {
  return (
    <Anchor component={Link} to={to} className={[classes.back, className].filter(Boolean).join(' ')}>
      <Icon name="back" size={16} /> {children}
    </Anchor>
  );
}
