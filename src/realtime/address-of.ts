import type { IncomingHttpHeaders } from 'node:http';
import type { Env } from '../env.js';

/**
 * The address a socket's client counts by: behind a trusted proxy the one that proxy saw, as for HTTP, else everybody behind it would
 * be one.
 */
export function addressOf(
  env: Pick<Env, 'TRUST_PROXY'>,
  handshake: { address: string; headers: IncomingHttpHeaders },
): string {
  const forwarded = env.TRUST_PROXY ? [handshake.headers['x-forwarded-for']].flat().join(',') : '';
  return forwarded.split(',').at(-1)?.trim() || handshake.address;
}
