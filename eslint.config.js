import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { sessionInActs } from './scripts/lint/session-in-acts.mjs';
import { noLiteralText } from './web/no-literal-text.js';

const oneClock = [
  "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  "NewExpression[callee.name='Date'][arguments.length=0]",
].map((selector) => ({
  selector,
  message: 'Ask the act (`act.now`) or the hub (`hub.now()`) for the time; measure how long with `performance.now()`.',
}));
const onlyActs = {
  group: ['**/in-transaction.js'],
  importNames: ['inTransaction'],
  message: 'Whatever changes several documents is an act (`src/commands/act.ts`).',
};

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  { files: ['scripts/**', 'bench/**', '*.config.*', 'embedded/**/main.ts'], rules: { 'no-console': 'off' } },
  { files: ['web/**/*.tsx', 'web/**/*.ts'], plugins: { 'react-hooks': hooks }, rules: hooks.configs.recommended.rules },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts', 'channels/**/*.ts'],
    ignores: ['src/utils/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...oneClock] },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    ignores: ['src/commands/act.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyActs] }] },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    plugins: { switchboard: { rules: { 'session-in-acts': sessionInActs } } },
    rules: { 'switchboard/session-in-acts': 'error' },
  },
  { files: ['web/inbox/**/*.tsx'], rules: { 'no-restricted-syntax': ['error', ...noLiteralText] } },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
