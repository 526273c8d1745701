import type { IncomingMessage } from 'node:http';
import type { Env } from '../env.js';
import { InboxModel } from '../models/index.js';
import { isOwnHost } from '../utils/own-host.js';
import { TtlCache } from '../utils/ttl-cache.js';

const own = (env: Env): Set<string> => new Set([new URL(env.PUBLIC_URL).origin, ...env.CORS_ORIGINS]);

/** Whether a page of this origin may open a staff socket. Programs send no origin; their token decides. */
export const staffOriginAllowed = (env: Env, origin: string | undefined): boolean =>
  origin === undefined || own(env).has(origin);

const cache = new TtlCache<{ any: boolean; listed: Set<string> }>(5_000);

const readOrigins = () =>
  cache.get('inboxes', async () => {
    const inboxes = await InboxModel.find({}, 'allowedOrigins').limit(1_000).lean();
    return {
      any: inboxes.some((inbox) => inbox.allowedOrigins.length === 0),
      listed: new Set(inboxes.flatMap((inbox) => inbox.allowedOrigins)),
    };
  });

/**
 * The first look at a connection, before any token is known: one engine serves all namespaces, and CORS does not stop WebSockets
 * (PROTOCOLS 11). Each namespace compares again, with its token's inbox. Outside production the host has to be ours, too, as in HTTP.
 */
export const createOriginFilter =
  (env: Env) =>
  (request: IncomingMessage, answer: (error: string | null, allowed: boolean) => void): void => {
    const { origin, host } = request.headers;
    if (env.NODE_ENV !== 'production' && !isOwnHost(host, env.PUBLIC_URL)) return answer(null, false);
    if (staffOriginAllowed(env, origin)) return answer(null, true);
    readOrigins().then(
      ({ any, listed }) => answer(null, any || listed.has(origin ?? '')),
      () => answer(null, false),
    );
  };
