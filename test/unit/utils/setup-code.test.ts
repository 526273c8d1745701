import { expect, test } from '@jest/globals';
import { isSetupCode, setupCodeOf } from '../../../src/utils/setup-code.js';

const SECRET = 'j'.repeat(40);

test('the set-up code follows from the secret alone', () => {
  expect(setupCodeOf(SECRET)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(setupCodeOf(SECRET)).toBe(setupCodeOf(SECRET));
  expect(setupCodeOf('k'.repeat(40))).not.toBe(setupCodeOf(SECRET));
});

test('the set-up code is known however it is typed, and no other is', () => {
  const code = setupCodeOf(SECRET);
  for (const typed of [code, code.toLowerCase(), ` ${code.replaceAll('-', ' ')} `, code.replaceAll('-', '')])
    expect(isSetupCode(typed, SECRET)).toBe(true);
  for (const typed of ['', code.slice(1), `${code}0`, setupCodeOf('k'.repeat(40))])
    expect(isSetupCode(typed, SECRET)).toBe(false);
});
