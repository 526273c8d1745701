import type { Context } from 'koa';
import { authenticateAccessToken, authenticateVisitorToken } from '../../commands/access/authenticate.js';
import type { Hub } from '../../hub.js';
import { unauthenticated } from '../../errors.js';
import type { Actor } from '../../policies/index.js';
import type { Access } from '../route.js';

/** The bearer token of a request (RFC 6750); null when it carries none. */
export function bearerToken(ctx: Context): string | null {
  const [scheme = '', token = '', ...rest] = ctx.get('Authorization').split(' ');
  return /^bearer$/i.test(scheme) && token !== '' && rest.length === 0 ? token : null;
}

/** Who calls a route of this access; null on public ones. @throws AppError 401 without a valid token. */
export async function authenticate(hub: Hub, access: Access, ctx: Context): Promise<Actor | null> {
  if (access === 'public') return null;
  const token = bearerToken(ctx);
  if (token === null) throw unauthenticated();
  const found = access === 'staff' ? authenticateAccessToken(hub, token) : authenticateVisitorToken(hub, token);
  return (await found).actor;
}
