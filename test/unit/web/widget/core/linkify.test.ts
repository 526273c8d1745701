import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkify, safeHref } from '../../../../../web/widget/core/linkify.js';

const links = (text: string) => linkify(text).filter((segment) => segment.href !== undefined);

describe('linkify', () => {
  test.each([
    ['see https://example.org/a?b=1#c now', 'https://example.org/a?b=1#c', 'https://example.org/a?b=1#c'],
    ['see (https://example.org/x).', 'https://example.org/x', 'https://example.org/x'],
    ['https://example.org/wiki/A_(b)', 'https://example.org/wiki/A_(b)', 'https://example.org/wiki/A_(b)'],
    ['Really? www.example.org!', 'www.example.org', 'https://www.example.org/'],
    ['write to jo.doe+x@mail.example.org.', 'jo.doe+x@mail.example.org', 'mailto:jo.doe+x@mail.example.org'],
  ])('%s', (text, label, href) => {
    expect(links(text)).toEqual([{ text: label, href }]);
  });

  test('finds several, and keeps what stands between them', () => {
    expect(linkify('a http://b.example c www.d.example e')).toEqual([
      { text: 'a ' },
      { text: 'http://b.example', href: 'http://b.example/' },
      { text: ' c ' },
      { text: 'www.d.example', href: 'https://www.d.example/' },
      { text: ' e' },
    ]);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://', 'no links here', 'a@b', ''])(
    'makes no link of %j',
    (text) => {
      expect(links(text)).toEqual([]);
    },
  );

  test('loses no character and links to nothing but the web and mail', () => {
    const pieces = fc.constantFrom(
      'https://',
      'www.',
      'a.example',
      '@',
      '(',
      ')',
      '"',
      '<b>',
      'javascript:',
      '.',
      ' ',
      '\n',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');
        const segments = linkify(text);
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
        for (const { href } of segments) if (href !== undefined) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
      }),
    );
  });
});

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
