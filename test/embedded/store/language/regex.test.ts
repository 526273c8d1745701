import { describe, expect, test } from '@jest/globals';
import { compileFilter } from '../../../../embedded/store/query/index.js';
import { BSONRegExp, Doc } from '../../../../embedded/store/values/index.js';

function matches(pattern: string, options: string, text: string): boolean {
  return compileFilter(new Doc(['a'], [new BSONRegExp(pattern, options)]))(new Doc(['a'], [text]));
}

describe('regular expressions as PCRE reads them', () => {
  test.each([
    ['^abc', '', 'abcd', true],
    ['a\\-b\\_c\\/d', '', 'a-b_c/d', true],
    ['^b$', '', 'a\nb', false],
    ['^b$', 'm', 'a\nb\nc', true],
    ['b$', '', 'ab\n', true],
    ['b\\z', '', 'ab\n', false],
    ['b\\Z', '', 'ab\n', true],
    ['\\Ab', 'm', 'a\nb', false],
    ['a.c', '', 'a\rc', true],
    ['a.c', '', 'a\nc', false],
    ['a.c', 's', 'a\nc', true],
    ['^.$', '', '💥', true],
    ['a b # c\n d', 'x', 'abd', true],
    ['(?i)ABC', '', 'abc', true],
    ['é', 'i', 'É', true],
    ['\\s', '', '\u00a0', false],
    ['\\h', '', '\u00a0', true],
    ['\\d', '', '٣', false],
    ['\\w', '', 'é', false],
    ['\\p{L}', '', 'é', true],
    ['\\pL', '', '1', false],
    ['\\x{1f4a5}', '', '💥', true],
    ['[[:alpha:]_-]+$', '', 'ab-c', true],
    ['[^[:digit:]]', '', '5', false],
    ['[[:^digit:]]', '', 'x', true],
    ['[]x]', '', ']', true],
    ['[^]]', '', ']', false],
    ['[\\w-]+', '', '-', true],
    ['[\\S]', '', ' ', false],
    ['[a\\]b]', '', ']', true],
    ['[+--]', '', ',', true],
    ['x{,3}', '', 'x{,3}', true],
    ['x{2}', '', 'xx', true],
    ['a{', '', 'a{', true],
    ['}]', '', '}]', true],
    ['\\Qa.b\\E', '', 'axb', false],
    ['\\Qa.b\\E', '', 'a.b', true],
    ['(a)\\1', '', 'aa', true],
    ['(?P<x>a)(?P=x)', '', 'aa', true],
    ["(?'x'a)\\k{x}", '', 'aa', true],
    ['a(?#note)b', '', 'ab', true],
    ['(?<!a)b', '', 'ab', false],
    ['a\\Rb', '', 'a\r\nb', true],
    ['a*?b', '', 'aab', true],
  ])('/%s/%s on %j: %p', (pattern, options, text, expected) => {
    expect(matches(pattern, options, text)).toBe(expected);
  });

  test.each([
    ['a++', 238],
    ['(?>a)', 238],
    ['(?R)', 238],
    ['a(?i)b', 238],
    ['\\Ga', 238],
    ['(', 51091],
    ['[a', 51091],
    ['a\\', 51091],
    ['*', 51091],
    ['[[:foo:]]', 51091],
  ])('/%s/ is refused with code %p', (pattern, code) => {
    let failure: unknown;
    try {
      matches(pattern, '', '');
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ name: 'StoreError', code });
  });
});
