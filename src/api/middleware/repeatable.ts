import { createHmac } from 'node:crypto';
import type { Context } from 'koa';
import type { Repeatable } from '../../commands/access/answer-once.js';
import { validationError } from '../../errors.js';
import { actorKey, type Actor } from '../../policies/index.js';
import type { RawInput, Route } from '../route.js';

const HEADER = 'Idempotency-Key';
/** Any visible characters. */
const KEY = /^[\x21-\x7e]{1,100}$/;

/**
 * Whether a route takes the header: writes of somebody we know. Strangers have no name to keep an answer under, and a file's body
 * is not compared.
 */
export const takesRepeats = (route: Pick<Route, 'method' | 'access' | 'readBody'>): boolean =>
  route.method !== 'get' && route.access !== 'public' && route.readBody === undefined;

/**
 * What the client says of repeats of this request; null: nothing. What is kept of the request can be compared by this installation
 * only, and holds nothing of its secret fields: a password may be guessed. A repeat may therefore differ in those.
 * @throws AppError 400 for a key that cannot be one.
 */
export function repeatableOf(
  ctx: Context,
  route: Route,
  actor: Actor | null,
  raw: RawInput,
  encryptionKey: string,
): Repeatable | null {
  const key = ctx.get(HEADER);
  if (key === '' || actor === null || !takesRepeats(route)) return null;
  if (!KEY.test(key)) throw validationError([{ field: HEADER, message: 'must be 1 to 100 visible characters' }]);
  const id = `${actorKey(actor)}:${key}`;
  const body = withoutFields(raw.body, route.secretFields ?? []);
  const request = JSON.stringify(['idempotency', id, ctx.method, ctx.path, raw.query, body ?? null]);
  const mac = createHmac('sha256', Buffer.from(encryptionKey, 'hex')).update(request);
  return { id, fingerprint: mac.digest('base64url') };
}

function withoutFields(body: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
