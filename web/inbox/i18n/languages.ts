import { publicApi } from '../api/auth.js';
import english, { type Texts } from '../locales/en/index.js';
import { chooseLocale, keepLanguage, languageOf, pickedLanguage } from './choose-language.js';
import { createWords, type Words } from './instance.js';
import { PSEUDO, pseudoTexts } from './pseudo.js';

/** Texts of every language but English by the path of its folder; each language is a chunk of its own. */
const files = import.meta.glob<Texts>(['../locales/*/index.ts', '!../locales/en/index.ts'], { import: 'default' });
const pathOf = (language: string): string => `../locales/${language}/index.ts`;

/** What readers may choose from. The pseudo-language is for tests: it is not offered, and the address has to name it. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(files).map((path) => path.split('/').at(-2) ?? '')];

async function loadTexts(language: string): Promise<Texts> {
  if (language === PSEUDO) return pseudoTexts(english);
  const load = files[pathOf(language)];
  if (load === undefined) throw new Error(`There are no texts in ${language}.`);
  return load();
}

/** Whether the pseudo-language may be shown: while developing and in the demo. */
async function allowsPseudo(): Promise<boolean> {
  if (import.meta.env.DEV) return true;
  return publicApi.setup().then(
    ({ demoLogins = [] }) => demoLogins.length > 0,
    () => false,
  );
}

/** The texts to begin with: of the language in the address (`?lang=`), of the one picked last, or of the browser. */
export async function startWords(): Promise<Words> {
  const named = new URLSearchParams(window.location.search).get('lang');
  const picked = named ?? pickedLanguage(localStorage);
  const languages = picked === PSEUDO && (await allowsPseudo()) ? [...LANGUAGES, PSEUDO] : LANGUAGES;
  if (named !== null && languageOf(named, languages) === named) keepLanguage(localStorage, named);
  const locale = chooseLocale(picked, navigator.languages, languages);
  try {
    return createWords(locale, await load(locale, languages));
  } catch {
    // A language that cannot be loaded must not keep anybody from their work.
    return createWords(chooseLocale('en', navigator.languages, LANGUAGES));
  }
}

async function load(locale: string, languages: readonly string[]): Promise<Record<string, Texts>> {
  const language = languageOf(locale, languages) ?? 'en';
  return language === 'en' ? {} : { [language]: await loadTexts(language) };
}

/** Shows another language at once and keeps the choice. Rejects when its texts cannot be loaded. */
export async function changeLanguage(words: Words, language: string): Promise<void> {
  const locale = chooseLocale(language, navigator.languages, [...LANGUAGES, language]);
  for (const [loaded, texts] of Object.entries(await load(locale, [...LANGUAGES, language]))) {
    for (const [area, content] of Object.entries(texts)) words.addResourceBundle(loaded, area, content);
  }
  await words.changeLanguage(locale);
  keepLanguage(localStorage, language);
}

/** What a language calls itself. */
export const nameOfLanguage = (language: string): string =>
  new Intl.DisplayNames([language], { type: 'language', fallback: 'code' }).of(language) ?? language;

/** Which way a language is written. */
export const directionOf = (words: Words): 'ltr' | 'rtl' => (words.language === PSEUDO ? 'rtl' : words.dir());
