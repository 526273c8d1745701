import { expect, test } from '@jest/globals';
import { isOwnHost } from '../../../src/utils/own-host.js';

test.each([
  ['support.example.com', true],
  ['SUPPORT.example.com:443', true],
  ['127.0.0.1:3000', true],
  ['localhost:3000', true],
  ['[::1]:3000', true],
  ['localhost:4000', true],
  ['localhost', true],
  ['[::1]', true],
  ['localhost.evil.example', false],
  ['localhost:evil.example', false],
  ['support.example.com:3000', false],
  ['support.example.com.evil.example', false],
  ['evil.example:3000', false],
  ['192.168.1.20:3000', false],
  [undefined, false],
])('the host %s of a hub at support.example.com that listens on 3000: ours is %s', (host, ours) => {
  expect(isOwnHost(host, 'https://support.example.com')).toBe(ours);
});
