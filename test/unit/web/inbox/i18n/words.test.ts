import { describe, expect, it } from '@jest/globals';
import { chooseLocale } from '../../../../../web/inbox/i18n/choose-language.js';
import { createWords, textFor } from '../../../../../web/inbox/i18n/instance.js';
import { PSEUDO, pseudoText, pseudoTexts } from '../../../../../web/inbox/i18n/pseudo.js';
import english from '../../../../../web/inbox/locales/en/index.js';
import { dayLabel, exactTime, momentText } from '../../../../../web/inbox/logic/time.js';
import { faultText } from '../../../../../web/inbox/logic/fault-text.js';

describe('chooseLocale', () => {
  const languages = ['en', 'vi', 'ar'];

  it.each([
    ['the picked language', 'vi', ['en-US', 'en'], 'vi'],
    ['with the region that the browser has for it', 'en', ['vi', 'en-US'], 'en-US'],
    ['else the first of the browser that there is', null, ['fr-FR', 'ar-EG', 'en'], 'ar-EG'],
    ['else English', null, ['fr-FR'], 'en-GB'],
    ['and not one that is not known', 'xx', ['vi-VN'], 'vi-VN'],
    ['nor the pseudo-language where it is not allowed', PSEUDO, ['en-GB'], 'en-GB'],
  ])('takes %s', (_, picked, browser, locale) => {
    expect(chooseLocale(picked, browser, languages)).toBe(locale);
  });
});

describe('the pseudo-language', () => {
  it('is longer by two fifths, in brackets and accented, and keeps the places of parameters', () => {
    const text = pseudoText('Reply to {{name}} by {{count, number}}');
    expect(text).toMatch(/^\[.*\{\{name\}\}.*\{\{count, number\}\}.*\]$/);
    expect(text.replaceAll(/\{\{[^}]*\}\}/g, '')).not.toMatch(/[a-zA-Z]/);
    expect([...pseudoText('x'.repeat(100))]).toHaveLength(142);
  });

  it('has every text of English, plurals too', () => {
    const words = createWords(PSEUDO, { [PSEUDO]: pseudoTexts(english) });
    expect(words.t('list:unread', { count: 1 })).toMatch(/^\[1 úñŕéáđ ɱéššáǧé /);
    expect(words.t('list:unread', { count: 2 })).toContain('ɱéššáǧéš');
  });
});

describe('texts', () => {
  const polish = {
    list: {
      unread_one: '{{count, number}} a',
      unread_few: '{{count, number}} b',
      unread_many: '{{count, number}} c',
      unread_other: '{{count, number}} d',
    },
  };
  const words = createWords('pl', { pl: { ...english, ...polish } });

  it('take the plural form of their language', () => {
    expect([1, 3, 5, 22, 1.5].map((count) => words.t('list:unread', { count }))).toEqual([
      '1 a',
      '3 b',
      '5 c',
      '22 b',
      '1,5 d',
    ]);
  });

  it('fall back to English where a language lacks one', () => {
    expect(createWords('pl', { pl: { list: polish.list } }).t('login:title')).toBe('Log in');
  });

  it('are found by code, and only by a code', () => {
    expect(textFor(words, 'reply:hold.', 'policy')).toBe(english.reply.hold.policy);
    expect(textFor(words, 'reply:hold.', 'toString')).toBeNull();
    expect(textFor(words, 'common:channel.', 'web.x')).toBeNull();
    expect(textFor(words, 'error:', '')).toBeNull();
  });
});

describe('faultText', () => {
  const part = { n: 0, kind: 'text' as const, state: 'failed' as const, error: 'Sentence.' };
  const words = createWords('en-GB');
  const say = (code: string) =>
    faultText(words, { failure: 'Sentence.', parts: [{ ...part, fault: { code, params: {} } }] });

  it('goes by the code, and by the sentence for codes that it does not know', () => {
    expect(say('messenger_fileTooLarge')).toBe(english.fault.messenger_fileTooLarge);
    expect(say('telegram_odd')).toBe('Sentence.');
    expect(faultText(words, { failure: null, parts: [] })).toBeNull();
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 21, 14, 30).getTime();
  const yesterday = now - 24 * 3_600_000;

  it('are told as the language does', () => {
    expect(dayLabel(createWords('vi'), yesterday, now)).toBe('Hôm qua');
    expect(dayLabel(createWords('ar'), yesterday, now)).toBe('أمس');
    expect(momentText(createWords('en-US'), yesterday, now)).toMatch(/^yesterday at 02:30\sPM$/);
  });

  it('are exact on hover, with the zone', () => {
    expect(exactTime(createWords('en-GB'), now)).toMatch(/21 November 2026.*14:30:00 \S+/);
  });
});
