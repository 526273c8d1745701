import { createInstance, type i18n } from 'i18next';
import english, { type Texts } from '../locales/en/index.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof english;
  }
}

/**
 * Texts and formats of one locale. `language` may carry a region (`en-GB`): texts are those of the language, numbers and times
 * follow the region. Logic that makes sentences takes it as its first argument; components use `useTranslation('<area>')`.
 */
export type Words = i18n;

/** Texts in English; `more` holds other languages that are loaded already. */
export function createWords(locale: string, more: Record<string, Partial<Texts>> = {}): Words {
  const words = createInstance();
  void words.init({
    lng: locale,
    fallbackLng: 'en',
    defaultNS: 'common',
    ns: Object.keys(english),
    resources: { en: english, ...more },
    initAsync: false,
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return words;
}

/** The text for a code that the server or a platform gave, as in `reply:hold.policy`; null: there is none for it. */
export function textFor(words: Words, prefix: CodePrefix, code: string, params: Params = {}): string | null {
  const key = `${prefix}${code}`;
  // A code is data: one with a separator in it would name another place.
  if (!/^[\w-]+$/.test(code) || !words.exists(key)) return null;
  const text: unknown = (words.t as (key: string, params: Params) => unknown)(key, params);
  return typeof text === 'string' ? text : null;
}

export type Params = Record<string, string | number>;

/** Where texts for codes stand. */
export type CodePrefix =
  'error:' | 'fault:' | 'reply:hold.' | 'activity:source.' | `${string}:activity.` | 'common:channel.' | 'common:role.';
