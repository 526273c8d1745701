import { expect, test } from '@jest/globals';
import { identityHash, isIdentityHash } from '../../../src/utils/identity-hash.js';

// RFC 4231, test case 2.
const RFC = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

test('is HMAC-SHA256 in hex, in either case', () => {
  expect(identityHash('what do ya want for nothing?', 'Jefe')).toBe(RFC);
  expect(isIdentityHash(RFC.toUpperCase(), 'what do ya want for nothing?', 'Jefe')).toBe(true);
});

test('of another id, secret or length is refused', () => {
  expect(isIdentityHash(identityHash('a', 'k'), 'b', 'k')).toBe(false);
  expect(isIdentityHash(identityHash('a', 'other'), 'a', 'k')).toBe(false);
  expect(isIdentityHash(identityHash('a', 'k').slice(0, -1), 'a', 'k')).toBe(false);
  expect(isIdentityHash('', 'a', 'k')).toBe(false);
});
