import type { Context, Middleware } from 'koa';
import type { Hub } from '../../hub.js';
import { actorKey, moverOf, type Actor } from '../../policies/index.js';
import { countRate } from '../../storage/rates.js';
import type { Limits, LimitPolicy } from '../../storage/rate-limits.js';
import { limitAddress } from '../../utils/client-address.js';
import { readAccessToken, readVisitorToken } from '../../utils/tokens.js';
import type { Access, Route } from '../route.js';
import { bearerToken } from './authenticate.js';

/** Seconds of the general limits' window (SPEC 16). */
const WINDOW = 15 * 60;

/**
 * Who a request counts for: whoever the token's signature names, else the address. An expired access token still counts for its
 * user, so that an office behind one address does not use up the strangers' share.
 */
function countedFor(hub: Hub, access: Access, ctx: Context): string | null {
  const token = access === 'public' ? null : bearerToken(ctx);
  if (token === null) return null;
  const { JWT_SECRET } = hub.env;
  if (access === 'staff') {
    const claims = readAccessToken(token, JWT_SECRET, hub.now(), { ignoreExpiration: true });
    return claims === null ? null : `user:${claims.userId}`;
  }
  const claims = readVisitorToken(token, JWT_SECRET, hub.now());
  return claims === null ? null : `identity:${claims.identityId}`;
}

/** Counts a request. @throws AppError 429 with the seconds to wait. */
export async function limitRequest(
  deps: { hub: Hub; limits: Limits },
  route: { access: Access; rateLimit?: LimitPolicy },
  ctx: Context,
): Promise<void> {
  const { hub, limits } = deps;
  if (route.rateLimit !== undefined) return limits.consume(route.rateLimit, limitAddress(ctx.ip));
  const caller = countedFor(hub, route.access, ctx);
  if (caller === null)
    return limits.consume(
      { name: 'anonymous', points: hub.env.RATE_LIMIT_ANONYMOUS, seconds: WINDOW },
      limitAddress(ctx.ip),
    );
  return limits.consume({ name: 'signed-in', points: hub.env.RATE_LIMIT_SIGNED_IN, seconds: WINDOW }, caller);
}

/** Counts what the caller does with what they do over sockets. @throws AppError 429 with the seconds to wait. */
export async function limitRate(
  { hub, limits }: { hub: Hub; limits: Limits },
  { rate }: Pick<Route, 'rate'>,
  actor: Actor | null,
  ctx: Context,
): Promise<void> {
  if (rate === undefined || actor === null || actor.type === 'system') return;
  await countRate(hub.env, limits, rate, {
    party: moverOf(actor) === 'customer' ? 'visitor' : 'staff',
    person: actorKey(actor),
    address: ctx.ip,
  });
}

/**
 * Counts requests for pages, files and whatever else is no call of the API, in this process's memory alone.
 * @throws AppError 429 with the seconds to wait.
 */
export function limitPages(hub: Hub, limits: Limits): Middleware {
  const policy: LimitPolicy = { name: 'pages', points: hub.env.RATE_LIMIT_PAGES, seconds: 60, local: true };
  return async (ctx, next) => {
    await limits.take(policy, limitAddress(ctx.ip));
    return next();
  };
}
