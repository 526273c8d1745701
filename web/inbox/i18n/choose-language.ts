import type { KeyValueStore } from '../logic/drafts.js';

const LANGUAGE_KEY = 'switchboard.language';
/** English without a region writes times as most of the world does. */
const ENGLISH = 'en-GB';

/** The language of a locale: `en` of `en-GB`. The pseudo-language is one of its own. */
export const languageOf = (locale: string, languages: readonly string[]): string | undefined =>
  languages.find((language) => language === locale) ??
  languages.find((language) => language === locale.split('-')[0]?.toLowerCase());

/** What the reader has picked; null: nothing. */
export function pickedLanguage(storage: KeyValueStore): string | null {
  try {
    return storage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

/** Keeps what the reader picks. A forbidden storage loses it at the next load, no more. */
export function keepLanguage(storage: KeyValueStore, language: string): void {
  try {
    storage.setItem(LANGUAGE_KEY, language);
  } catch {
    // The page is in that language all the same.
  }
}

/**
 * The locale to show: of the picked language if there is one, else of the first language of the browser that there are texts
 * for, else English. The region is the one the browser has for that language.
 */
export function chooseLocale(picked: string | null, browser: readonly string[], languages: readonly string[]): string {
  const known = picked === null ? undefined : languageOf(picked, languages);
  const wanted = known ?? browser.map((locale) => languageOf(locale, languages)).find((found) => found !== undefined);
  const language = wanted ?? 'en';
  const regional = browser.find((locale) => locale !== language && languageOf(locale, languages) === language);
  return regional ?? (language === 'en' ? ENGLISH : language);
}
