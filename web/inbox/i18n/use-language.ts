import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { languageOf } from './choose-language.js';
import { changeLanguage, LANGUAGES, nameOfLanguage } from './languages.js';
import { PSEUDO } from './pseudo.js';

/** The language on screen, those to choose from, and changing it. */
export function useLanguage() {
  const { t, i18n } = useTranslation('menu');
  const current = i18n.language === PSEUDO ? PSEUDO : (languageOf(i18n.language, LANGUAGES) ?? 'en');
  const offered = LANGUAGES.includes(current) ? LANGUAGES : [...LANGUAGES, current];
  return {
    current,
    offered: offered.map((language) => ({ language, name: nameOfLanguage(language) })),
    pick: (language: string): void => {
      changeLanguage(i18n, language).catch(() => {
        notifications.show({ color: 'red', message: t('languageFailed') });
      });
    },
  };
}
