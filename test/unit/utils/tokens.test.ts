import { expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import {
  hashToken,
  newRefreshToken,
  nextRefreshToken,
  readAccessToken,
  readVisitorToken,
  signAccessToken,
  signVisitorToken,
  TOKEN_LIFETIME,
} from '../../../src/utils/tokens.js';

const SECRET = 's'.repeat(40);
const NOW = 1_700_000_000_000;
const access = signAccessToken({ userId: 'u', sessionId: 's' }, SECRET, NOW);
const visitor = signVisitorToken({ identityId: 'i', inboxId: 'b', epoch: 3 }, SECRET, NOW);

test('tokens say what they were made with, until they expire', () => {
  expect(readAccessToken(access, SECRET, NOW)).toEqual({
    userId: 'u',
    sessionId: 's',
    expiresAt: NOW + TOKEN_LIFETIME.access,
  });
  expect(readVisitorToken(visitor, SECRET, NOW + TOKEN_LIFETIME.visitor - 1_000)).toEqual({
    identityId: 'i',
    inboxId: 'b',
    epoch: 3,
    expiresAt: NOW + TOKEN_LIFETIME.visitor,
  });
  expect(readAccessToken(access, SECRET, NOW + TOKEN_LIFETIME.access)).toBeNull();
  expect(readVisitorToken(visitor, SECRET, NOW + TOKEN_LIFETIME.visitor)).toBeNull();
  const late = readAccessToken(access, SECRET, NOW + 10 * TOKEN_LIFETIME.access, { ignoreExpiration: true });
  expect(late?.userId).toBe('u');
});

test('a visitor token that names no epoch is of the first', () => {
  const claims = { sub: 'i', inbox: 'b', aud: 'visitor', exp: NOW / 1000 + 60 };
  expect(readVisitorToken(jwt.sign(claims, SECRET), SECRET, NOW)?.epoch).toBe(0);
  expect(readVisitorToken(jwt.sign({ ...claims, epoch: '0' }, SECRET), SECRET, NOW)).toBeNull();
});

test('an access token names no role', () => {
  expect(Object.keys(jwt.decode(access) as object).sort()).toEqual(['aud', 'exp', 'iat', 'sid', 'sub']);
});

test('one kind never passes for the other, nor another secret, algorithm or purpose', () => {
  expect(readAccessToken(visitor, SECRET, NOW)).toBeNull();
  expect(readVisitorToken(access, SECRET, NOW)).toBeNull();
  expect(readAccessToken(access, 'x'.repeat(40), NOW)).toBeNull();
  const claims = { sub: 'u', sid: 's', aud: 'staff', exp: NOW / 1000 + 60 };
  const unsigned = jwt.sign(claims, '', { algorithm: 'none' });
  const otherAlgorithm = jwt.sign(claims, SECRET, { algorithm: 'HS512' });
  const noPurpose = jwt.sign({ sub: 'u', sid: 's', exp: NOW / 1000 + 60 }, SECRET);
  const endless = jwt.sign({ sub: 'u', sid: 's', aud: 'staff' }, SECRET);
  for (const token of [unsigned, otherAlgorithm, noPurpose, endless, '', 'a.b.c'])
    expect(readAccessToken(token, SECRET, NOW)).toBeNull();
});

test('the successor of a refresh token follows from it and the secret, and from nothing less', () => {
  const token = newRefreshToken();
  expect(nextRefreshToken(token, SECRET)).toBe(nextRefreshToken(token, SECRET));
  expect(nextRefreshToken(token, SECRET)).not.toBe(nextRefreshToken(token, 'x'.repeat(40)));
  expect(nextRefreshToken(token, SECRET)).not.toBe(nextRefreshToken(newRefreshToken(), SECRET));
  expect(nextRefreshToken(hashToken(token), SECRET)).not.toBe(nextRefreshToken(token, SECRET));
});
