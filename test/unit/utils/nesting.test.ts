import { expect, it } from '@jest/globals';
import { nestsDeeperThan } from '../../../src/utils/nesting.js';

const nested = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

it.each([
  ['nothing', null, false],
  ['a word', 'word', false],
  ['an empty list', [], false],
  ['as many levels', nested(4), false],
  ['as many levels beside others', [1, { a: nested(2) }, nested(2)], false],
  ['one level more', [nested(4)], true],
  ['one level more that is empty', { a: [[[{}]]] }, true],
  ['far too many levels', nested(1_000_000), true],
])('looks into %s', (_what, value, expected) => {
  expect(nestsDeeperThan(value, 4)).toBe(expected);
});
