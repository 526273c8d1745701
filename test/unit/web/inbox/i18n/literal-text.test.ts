import { expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { noLiteralText } from '../../../../../web/no-literal-text.js';

const faultsOf = (jsx: string): number =>
  new Linter().verify(
    `export const View = () => ${jsx};`,
    {
      files: ['**/*.tsx'],
      languageOptions: { parser: tseslint.parser as Linter.Parser },
      rules: { 'no-restricted-syntax': ['error', ...noLiteralText] },
    },
    'view.tsx',
  ).length;

it.each([
  '<p>Close it</p>',
  '<p>Đóng lại</p>',
  "<p>{'Close it'}</p>",
  '<p>{`Close ${name}`}</p>',
  '<button aria-label="Close it" />',
  "<button aria-label={'Close it'} />",
  "<button aria-label={open ? 'Close it' : t('open')} />",
  '<button title={`Close ${name}`} />',
  '<input placeholder="Your name" />',
  '<Fact label="Number" />',
])('refuses text that cannot be translated: %s', (jsx) => expect(faultsOf(jsx)).toBeGreaterThan(0));

it.each([
  "<p className='close' data-state=\"open\">{t('close')}</p>",
  "<button aria-label={t('close', { name })} />",
  '<p>· {name} {`${t(`status.${status}`)}`}</p>',
  '<Icon name="close" size={14} />',
  '<a href={`mailto:${email}`}>{email}</a>',
])('lets everything else pass: %s', (jsx) => expect(faultsOf(jsx)).toBe(0));
