import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, compareUse, flatten, usedKeys, type Tree } from './locale-check.js';

const INBOX = join(import.meta.dirname, '../../../../../web/inbox');
const LOCALES = join(INBOX, 'locales');

const readLanguage = (language: string): Map<string, string> =>
  flatten(
    Object.fromEntries(
      readdirSync(join(LOCALES, language))
        .filter((name) => name.endsWith('.json'))
        .map((name) => [
          name.slice(0, -'.json'.length),
          JSON.parse(readFileSync(join(LOCALES, language, name), 'utf8')) as Tree,
        ]),
    ),
  );

const english = readLanguage('en');

describe('the texts of the inbox', () => {
  it('are all there, and all used', () => {
    const sources = readdirSync(INBOX, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
    const used = sources.flatMap((name) => usedKeys(name, readFileSync(join(INBOX, name), 'utf8')));
    expect(compareUse(used, english)).toEqual([]);
  });

  it('are the same in every language, with the plural forms that the language has', () => {
    const faults = readdirSync(LOCALES).flatMap((language) => compare(language, english, readLanguage(language)));
    expect(faults).toEqual([]);
  });
});

describe('the check finds', () => {
  const texts = flatten({
    list: { title: 'List', empty: { mine: 'None of {{all}}' }, new_one: 'one', new_other: '{{count}}' },
  });

  it('keys that English lacks or that nothing uses', () => {
    const source = `function List() { const { t } = useTranslation('list'); return t(open ? 'title' : 'gone') + t('new', { count }); }`;
    expect(compareUse(usedKeys('list.tsx', source), texts)).toEqual([
      'list:gone is used and not in English',
      'list:empty.mine is never used',
    ]);
  });

  it('keys that are put together, or named with their area', () => {
    const source =
      "function f(words: Words) { return [words.t('list:title'), t(`list:empty.${kind}`), textFor(words, 'list:ne', x)]; }";
    expect(compareUse(usedKeys('f.ts', source), texts)).toEqual([]);
  });

  it('what another language lacks, has too many, or fills otherwise', () => {
    const arabic = flatten({
      list: { title: 'قائمة', empty: { mine: '{{some}}' }, old: 'x', new_one: '١', new_other: '{{count}}' },
    });
    expect(compare('ar', texts, arabic).sort()).toEqual([
      'list:empty.mine has other places in ar: some instead of all',
      ...['few', 'many', 'two', 'zero'].map((form) => `list:new_${form} is missing in ar`),
      'list:old is not in English',
    ]);
  });
});
