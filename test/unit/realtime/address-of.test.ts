import { expect, test } from '@jest/globals';
import { addressOf } from '../../../src/realtime/address-of.js';

const headers = { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' };

test('the address of a socket is what a trusted proxy saw, never what the client claims', () => {
  expect(addressOf({ TRUST_PROXY: true }, { address: '10.0.0.1', headers })).toBe('198.51.100.9');
  expect(addressOf({ TRUST_PROXY: true }, { address: '10.0.0.1', headers: {} })).toBe('10.0.0.1');
  expect(addressOf({ TRUST_PROXY: false }, { address: '10.0.0.1', headers })).toBe('10.0.0.1');
});
