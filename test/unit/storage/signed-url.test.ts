import { describe, expect, it } from '@jest/globals';
import { FILE_LINK_LIFETIME, signFilePath, verifyFilePath } from '../../../src/utils/signed-url.js';

const secret = 'a secret of at least thirty-two characters';
const start = FILE_LINK_LIFETIME * 1_000;

const queryOf = (path: string): URLSearchParams => new URL(path, 'http://127.0.0.1').searchParams;
const sign = (id: string, now = start): string => signFilePath(id, { secret, now });
const opens = (id: string, query: URLSearchParams, now = start, key = secret): boolean =>
  verifyFilePath(id, query, { secret: key, now });

describe('signed file paths', () => {
  it('open the file they were made for', () => {
    const path = sign('f1');
    expect(path).toMatch(/^\/files\/f1\?expires=\d+&signature=[\w-]{43}$/);
    expect(opens('f1', queryOf(path))).toBe(true);
  });

  it('open no other file, and not under another secret', () => {
    const query = queryOf(sign('f1'));
    expect(opens('f2', query)).toBe(false);
    expect(opens('f1', query, start, `${secret}!`)).toBe(false);
  });

  it('live between one and two lifetimes', () => {
    for (const now of [start, start + 1, start + FILE_LINK_LIFETIME - 1]) {
      const query = queryOf(sign('f1', now));
      expect(opens('f1', query, now + FILE_LINK_LIFETIME)).toBe(true);
      expect(opens('f1', query, now + 2 * FILE_LINK_LIFETIME)).toBe(false);
    }
  });

  it('stay the same within a lifetime, so that browsers can cache', () => {
    expect(sign('f1', start + FILE_LINK_LIFETIME - 1)).toBe(sign('f1', start));
    expect(sign('f1', start + FILE_LINK_LIFETIME)).not.toBe(sign('f1', start));
  });

  it('cannot be prolonged or malformed into opening', () => {
    const good = queryOf(sign('f1'));
    const changed = (name: string, value: string): URLSearchParams => {
      const query = new URLSearchParams(good);
      query.set(name, value);
      return query;
    };
    expect(opens('f1', changed('expires', String(start * 2)))).toBe(false);
    expect(opens('f1', changed('expires', 'Infinity'))).toBe(false);
    expect(opens('f1', changed('expires', `${good.get('expires') ?? ''} `))).toBe(false);
    expect(opens('f1', changed('signature', ''))).toBe(false);
    expect(opens('f1', changed('signature', 'ü'.repeat(43)))).toBe(false);
    expect(opens('f1', new URLSearchParams())).toBe(false);
  });

  it('escape what an id may carry', () => {
    const path = sign('a/b?c');
    expect(path.startsWith('/files/a%2Fb%3Fc?')).toBe(true);
    expect(opens('a/b?c', queryOf(path))).toBe(true);
  });
});
