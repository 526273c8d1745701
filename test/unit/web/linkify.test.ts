import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkify, safeHref } from '../../../web/linkify.js';

const links = (text: string) => linkify(text).filter((piece) => piece.href !== null);

describe('linkify', () => {
  test.each([
    ['see https://example.org/a?b=1#c now', 'https://example.org/a?b=1#c', 'https://example.org/a?b=1#c'],
    ['see (https://example.org/x).', 'https://example.org/x', 'https://example.org/x'],
    ['“https://example.org/x”…', 'https://example.org/x', 'https://example.org/x'],
    ['*https://example.org/x*', 'https://example.org/x', 'https://example.org/x'],
    ['https://example.org/wiki/A_(b)', 'https://example.org/wiki/A_(b)', 'https://example.org/wiki/A_(b)'],
    ['[https://example.org/a[1]]', 'https://example.org/a[1]', 'https://example.org/a[1]'],
    ['HTTP://Example.org/?x=1,2;3!', 'HTTP://Example.org/?x=1,2;3', 'http://example.org/?x=1,2;3'],
    ['<http://localhost:3000/a>', 'http://localhost:3000/a', 'http://localhost:3000/a'],
    ['http://192.0.2.1:8080', 'http://192.0.2.1:8080', 'http://192.0.2.1:8080/'],
    ['https://bücher.example/ä?q=ö', 'https://bücher.example/ä?q=ö', 'https://xn--bcher-kva.example/%C3%A4?q=%C3%B6'],
    ['Really? www.example.org!', 'www.example.org', 'https://www.example.org/'],
    ['(www.example.org/a_b?c)', 'www.example.org/a_b?c', 'https://www.example.org/a_b?c'],
    ['write to jo.doe+x@mail.example.org.', 'jo.doe+x@mail.example.org', 'mailto:jo.doe+x@mail.example.org'],
    ['a?bcc=b&x@example.org', 'x@example.org', 'mailto:x@example.org'],
    ['mailto:jo@bücher.example', 'jo@bücher.example', 'mailto:jo@bücher.example'],
    ['見てhttps://example.org/x', 'https://example.org/x', 'https://example.org/x'],
    ['_https://example.org/x_', 'https://example.org/x', 'https://example.org/x'],
    ["It's “www.example.org”…", 'www.example.org', 'https://www.example.org/'],
  ])('%s', (text, label, href) => {
    expect(links(text)).toEqual([{ text: label, href }]);
  });

  test('finds several, and keeps what stands between them', () => {
    expect(linkify('a http://b.example c www.d.example e')).toEqual([
      { text: 'a ', href: null },
      { text: 'http://b.example', href: 'http://b.example/' },
      { text: ' c ', href: null },
      { text: 'www.d.example', href: 'https://www.d.example/' },
      { text: ' e', href: null },
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'javascript://example.org/%0aalert(1)',
    'data:text/html,x',
    'ftp://a.example',
    '//a.example/x',
    'example.org',
    'www.)',
    'xwww.example.org',
    'https://',
    'https://a.example:99999',
    'no links here',
    'a@b',
    '',
  ])('makes no link of %j', (text) => {
    expect(links(text)).toEqual([]);
  });

  test('loses no character and links to nothing but the web and mail', () => {
    const pieces = fc.constantFrom(
      'https://',
      'www.',
      'a.example',
      'mailto:',
      '//',
      '@',
      '?',
      '*',
      '(',
      ')',
      '"',
      '<b>',
      'javascript:',
      '.',
      ' ',
      '\n',
      'ü',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');
        const found = linkify(text);
        expect(found.map((piece) => piece.text).join('')).toBe(text);
        for (const { href } of found) if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:[^?]+$)/);
      }),
    );
  });

  test.each([
    ['a', ''],
    ['a.', ''],
    ['a.', '@'],
    ['a+', '@a'],
    ['a@', ''],
    ['a@b.', ''],
    ['@', ''],
    ['-', '.example'],
    ['http://', ''],
    ['http://a@', ''],
    ['www.', ''],
    [')', ''],
    ['(', ''],
    ['[(', ''],
    ['!', ' '],
    ['.', ''],
    ['*', '*'],
    ['"', ''],
    ['mailto:', ''],
  ])('takes time in proportion to the length of %j, %j', (unit, end) => {
    for (const start of ['', 'http://a.example/']) {
      const textOf = (length: number): string => start + unit.repeat(length / unit.length) + end;
      // Four times the text is four times the work; where the work grows with the square, sixteen times.
      const work = Math.max(quickest(textOf(15_000)), 2);
      expect(quickest(textOf(60_000))).toBeLessThan(9 * work);
    }
  });
});

/** The best of some runs is what the work takes; others were interrupted. Milliseconds. */
function quickest(text: string): number {
  let best = Infinity;
  for (let run = 0; run < 4; run += 1) {
    const start = performance.now();
    linkify(text);
    best = Math.min(best, performance.now() - start);
    if (best > 1_000) break;
  }
  return best;
}

describe('safeHref', () => {
  test('resolves addresses of the hub', () => {
    expect(safeHref('/files/a?sig=1', 'https://hub.example')).toBe('https://hub.example/files/a?sig=1');
    expect(safeHref('https://cdn.example/a', 'https://hub.example')).toBe('https://cdn.example/a');
  });

  test.each([null, 'javascript:alert(1)', 'data:text/html,x', '/relative', 'file:///etc/passwd'])(
    'refuses %j',
    (address) => {
      expect(safeHref(address)).toBeNull();
    },
  );
});
