import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileFilter } from '../../../../embedded/store/query/index.js';
import { RegexTranslator } from '../../../../embedded/store/query/regex-syntax.js';
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
    ['.{2}', 's', 'a', false],
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
    ['[\\W\\d]+$', '', '1-2', true],
    ['^[\\W\\d]+$', '', '1a2', false],
    ['^[^\\W\\d]+$', '', 'ab', true],
    ['^\\W+$', 'i', 's', false],
    ['(b+)$', '', 'abb\n', true],
    ['(b+)\\z', '', 'abb\n', false],
    ['b+$\\n', '', 'abb\n', true],
    ['^(b*)$', 'm', 'a\n\nc', true],
    ['^$', 'm', 'a\n', false],
    ['x{1001}', '', 'x'.repeat(1001), true],
    ['(?=.*b)a+', '', 'aab', true],
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

describe('patterns that a backtracking engine needs very long for', () => {
  test.each([
    ['^(a+)+$', '', `${'a'.repeat(32)}!`, false],
    ['(x+x+)+y', '', 'x'.repeat(5000), false],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', '', 'a'.repeat(5000), false],
    ['(a|aa)+$', 'i', `${'A'.repeat(5000)}b`, false],
    ['(.*)(.*)(.*)(.*)b\\d', 's', 'b'.repeat(3000), false],
    ['(a?){30}a{30}', '', 'a'.repeat(30), true],
  ])('/%s/%s is answered at once', (pattern, options, text, expected) => {
    expect(matches(pattern, options, text)).toBe(expected);
  });
});

/** What a pattern does when JavaScript's own engine runs it. */
function reference(pattern: string, options: string, text: string): boolean {
  const multiline = options.includes('m');
  const parsed = { multiline, dotAll: options.includes('s'), extended: false, ignoreCase: options.includes('i') };
  const { js } = new RegexTranslator(pattern, parsed).translate();
  return new RegExp(js, parsed.ignoreCase ? 'iv' : 'v').test(text);
}

const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'K',
    'é',
    '.',
    '\\n',
    '\\.',
    '^',
    '$',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '\\Z',
    '\\d',
    '\\W',
    '\\s',
    '\\S',
    '\\h',
    '\\R',
  ],
  ...[
    '[ab]',
    '[^a]',
    '[\\w-]',
    '[\\Wa]',
    '[^\\S]',
    '[[:alpha:]]',
    '[[:^digit:]_]',
    '\\p{L}',
    '[\\p{Lu}1]',
    '\\x{e9}',
    '\\Qa.b\\E',
  ],
);
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '*?', '{0,3}');
const { pattern: patterns } = fc.letrec<{ pattern: string; group: string }>((tie) => ({
  pattern: fc
    .array(fc.oneof({ weight: 4, arbitrary: fc.tuple(piece, quantifier) }, fc.tuple(tie('group'), quantifier)), {
      maxLength: 4,
    })
    .map((parts) => parts.map(([part, times]) => (/^(\^|\$|\\[bBAzZ])$/.test(part) ? part : part + times)).join('')),
  group: fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left}|${right})`),
}));

// Left out is what goes to JavaScript's engine anyway: texts that end with a line break, properties where case does not
// matter, and the Kelvin sign, which only JavaScript takes for a word character then.
test('the linear engine matches what JavaScript matches', () => {
  const texts = fc.array(fc.constantFrom(...'abKké1-. \n\r'), { maxLength: 7 }).map((letters) => letters.join(''));
  const options = fc.constantFrom('', 'i', 'm', 's', 'im');
  fc.assert(
    fc.property(patterns, options, texts, (pattern, flags, text) => {
      fc.pre(!text.endsWith('\n') && !(flags.includes('i') && pattern.includes('\\p')));
      expect(matches(pattern, flags, text)).toBe(reference(pattern, flags, text));
    }),
    { numRuns: 2000 },
  );
});

describe('patterns that need a backtracking engine', () => {
  test.each([
    ['^(?=a)(a+)+$', `${'a'.repeat(40)}!`],
    ['^(a+)+$', `${'a'.repeat(40)}!\n`],
    ['^(a+)+b\\1', 'a'.repeat(40)],
  ])('/%s/, which needs such an engine, is given up in time', (pattern, text) => {
    let failure: unknown;
    try {
      matches(pattern, '', text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ name: 'StoreError', code: 51156 });
  });

  test('a pattern above 32,764 characters is refused', () => {
    expect(() => matches('a'.repeat(32_765), '', '')).toThrow('Regular expression is too long');
  });
});
