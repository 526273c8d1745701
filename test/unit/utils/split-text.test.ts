import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitText } from '../../../src/utils/split-text.js';

const FAMILY = '👨‍👩‍👧‍👦';

describe('splitText', () => {
  it.each([
    ['a text that fits, unchanged', ' two words ', 11, [' two words ']],
    ['at the last white space that fits', 'one two three', 9, ['one two', 'three']],
    ['with white space right at the limit', 'one two three', 7, ['one two', 'three']],
    ['at line breaks too', 'first line\nsecond', 12, ['first line', 'second']],
    ['a long word hard', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['before an emoji that would be halved', 'aaa🚲b', 4, ['aaa', '🚲b']],
    ['before a family that would be torn apart', `aaaa${FAMILY}`, 12, ['aaaa', FAMILY]],
    ['a grapheme longer than the limit between code points', '🚲'.repeat(3), 3, ['🚲', '🚲', '🚲']],
    ['not at white space that carries a mark', 'abc \u0301de', 4, ['abc', ' \u0301de']],
    ['no text without a limit', 'two words', Number.POSITIVE_INFINITY, ['two words']],
    ['nothing', '', 10, []],
    ['a lot of white space', ' '.repeat(20), 10, []],
  ])('splits %s', (_name, text, limit, parts) => {
    expect(splitText(text, limit)).toEqual(parts);
  });

  it('refuses a limit that a code point may not fit into', () => {
    for (const limit of [0, 1, Number.NaN]) expect(() => splitText('text', limit)).toThrow(RangeError);
  });

  const anyText = fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(' ', '\n', FAMILY, '🚲')))
    .map((words) => words.join(''));

  it('keeps every character but white space, in order, in parts that fit', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const parts = splitText(text, limit);
        expect(parts.every((part) => part.length > 0 && part.length <= limit)).toBe(true);
        expect(withoutSpace(parts.join(''))).toBe(withoutSpace(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('tears no code point and no grapheme that would fit', () => {
    const graphemes = fc
      .array(fc.string({ unit: 'grapheme-composite' }), { maxLength: 60 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(graphemes, fc.integer({ min: 24, max: 60 }), (text, limit) => {
        const parts = splitText(text, limit);
        expect(parts.some((part) => /\p{Surrogate}/u.test(part))).toBe(false);
        expect(parts.flatMap(graphemesOf)).toEqual(graphemesOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('splits a long text without white space quickly', () => {
    const parts = splitText('ä'.repeat(200_000), 1_999);
    expect(parts).toHaveLength(101);
  });
});

function withoutSpace(text: string): string {
  return text.replace(/\s/g, '');
}

function graphemesOf(text: string): string[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return [...segments].map(({ segment }) => segment).filter((segment) => segment.trim() !== '');
}
