import { isIPv6 } from 'node:net';

/**
 * The part of a client's address that limits count by: an IPv4 address, or the /64 network of an IPv6 one, since one subscriber
 * owns all of it (RFC 6177).
 */
export function limitAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const gap = plain.includes('::') ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0') : [];
  return `${[...before, ...gap, ...after].slice(0, 4).join(':').toLowerCase()}::/64`;
}
