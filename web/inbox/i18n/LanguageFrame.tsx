import { DirectionProvider, useDirection } from '@mantine/core';
import { useLayoutEffect, type ReactNode } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import type { Words } from './instance.js';
import { directionOf } from './languages.js';

/** Gives the page its texts and tells the document in which language they are and which way it is written. */
export function LanguageFrame({ words, children }: { words: Words; children: ReactNode }) {
  return (
    <I18nextProvider i18n={words}>
      <DirectionProvider initialDirection={directionOf(words)} detectDirection={false}>
        <DocumentLanguage />
        {children}
      </DirectionProvider>
    </I18nextProvider>
  );
}

function DocumentLanguage() {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  const { language } = i18n;
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    setDirection(directionOf(i18n));
  }, [i18n, language, setDirection]);
  return null;
}
