import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a file link works at least; at most twice as long. Milliseconds. */
export const FILE_LINK_LIFETIME = 15 * 60 * 1000;

interface SignOptions {
  /** The installation's secret; file links use a key derived from it. */
  secret: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const signature = (id: string, expires: string, secret: string): Buffer => {
  const key = createHmac('sha256', secret).update('file-link').digest();
  return createHmac('sha256', key).update(`${id}\n${expires}`).digest();
};

/**
 * A path under `/files` that opens one file for a while. The expiry is rounded up, so that the link stays the same for
 * `lifetimeMs` and a browser can cache what is behind it.
 */
export function signFilePath(id: string, options: SignOptions & { lifetimeMs?: number }): string {
  const lifetime = options.lifetimeMs ?? FILE_LINK_LIFETIME;
  const expires = String((Math.floor(options.now / lifetime) + 2) * lifetime);
  const query = new URLSearchParams({
    expires,
    signature: signature(id, expires, options.secret).toString('base64url'),
  });
  return `/files/${encodeURIComponent(id)}?${query.toString()}`;
}

/** Whether the query belongs to this file and has not expired. Compares in constant time. */
export function verifyFilePath(id: string, query: URLSearchParams, options: SignOptions): boolean {
  const expires = query.get('expires') ?? '';
  if (!/^\d{1,15}$/.test(expires)) return false;
  const given = Buffer.from(query.get('signature') ?? '', 'base64url');
  const expected = signature(id, expires, options.secret);
  return given.length === expected.length && timingSafeEqual(given, expected) && Number(expires) > options.now;
}
