import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a website's server computes to vouch for its user: HMAC-SHA256 of the user's id, in hex (SPEC 3.3). */
export const identityHash = (id: string, secret: string): string =>
  createHmac('sha256', secret).update(id, 'utf8').digest('hex');

/** Whether the hash is genuine, in constant time. */
export function isIdentityHash(given: string, id: string, secret: string): boolean {
  const expected = Buffer.from(identityHash(id, secret));
  const actual = Buffer.from(given.toLowerCase());
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
