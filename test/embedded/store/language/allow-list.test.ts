import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSupported, withAllowList } from '../../../../scripts/store-docs/allow-list.js';
import type { Group } from '../../../../scripts/store-docs/mongodb-names.js';

const README = join(import.meta.dirname, '../../../../embedded/store/README.md');

test('the README lists what the code knows; npm run docs:store writes it anew', () => {
  const text = readFileSync(README, 'utf8');
  expect(withAllowList(text)).toBe(text);
});

test.each<[Group, string, boolean]>([
  ['topLevel', '$or', true],
  ['topLevel', '$where', false],
  ['field', '$elemMatch', true],
  ['field', '$near', false],
  ['field', '$bogus', false],
  ['projection', '$slice', true],
  ['projection', '$meta', false],
  ['update', '$pull', true],
  ['update', '$bogus', false],
  ['pushModifiers', '$position', true],
  ['pushModifiers', '$bogus', false],
  ['stages', '$unwind', true],
  ['stages', '$lookup', true],
  ['stages', '$collStats', true],
  ['stages', '$merge', false],
  ['accumulators', '$sum', true],
  ['accumulators', '$count', true],
  ['accumulators', '$bogus', false],
  ['expressions', '$cond', true],
  ['expressions', '$function', false],
])('%s %s: %s', (group, name, known) => {
  expect(isSupported(group, name)).toBe(known);
});

test('a text without the marks is refused', () => {
  expect(() => withAllowList('nothing')).toThrow('lacks the lines');
});
