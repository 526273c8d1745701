import { expect, it } from '@jest/globals';
import { capsOf, isCharacterKey, strokeName, worksInText, type Stroke } from '../../../../../web/inbox/logic/keys.js';

const held = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

it.each<[Partial<Stroke>, string]>([
  [{ key: 'j' }, 'j'],
  // Caps lock changes the letter without shift.
  [{ key: 'J' }, 'j'],
  [{ key: 'J', shiftKey: true }, 'shift+j'],
  [{ key: '?', shiftKey: true }, '?'],
  [{ key: 'k', ctrlKey: true }, 'mod+k'],
  [{ key: 'k', metaKey: true }, 'mod+k'],
  [{ key: 'Enter', ctrlKey: true, shiftKey: true }, 'mod+shift+Enter'],
  [{ key: 'ArrowDown' }, 'ArrowDown'],
  // Layouts without Latin letters: the place on the keyboard counts.
  [{ key: 'о', code: 'KeyJ' }, 'j'],
  [{ key: 'ن', code: 'KeyK' }, 'k'],
])('%j is %s', (stroke, name) => expect(strokeName({ key: '', code: '', ...held, ...stroke })).toBe(name));

it.each([
  ['j', true, false],
  ['?', true, false],
  ['g i', true, false],
  ['Escape', false, false],
  ['mod+k', false, true],
  ['alt+1', false, true],
])('%s is a character key: %s, works in text: %s', (key, character, inText) => {
  expect([isCharacterKey(key), worksInText(key)]).toEqual([character, inText]);
});

it('shows what stands on the caps', () => {
  expect(capsOf('mod+k', false)).toEqual([['Ctrl', 'K']]);
  expect(capsOf('mod+k', true)).toEqual([['⌘', 'K']]);
  expect(capsOf('g i', false)).toEqual([['G'], ['I']]);
  expect(capsOf('Escape', false)).toEqual([['Esc']]);
});
