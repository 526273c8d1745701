import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Repeatable } from '../../commands/answer-once.js';
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

/** What the client says of repeats of this request; null: nothing. @throws AppError 400 for a key that cannot be one. */
export function repeatableOf(ctx: Context, route: Route, actor: Actor | null, raw: RawInput): Repeatable | null {
  const key = ctx.get(HEADER);
  if (key === '' || actor === null || !takesRepeats(route)) return null;
  if (!KEY.test(key)) throw validationError([{ field: HEADER, message: 'must be 1 to 100 visible characters' }]);
  const id = `${actorKey(actor)}:${key}`;
  const request = JSON.stringify([id, ctx.method, ctx.path, raw.query, raw.body ?? null]);
  return { id, fingerprint: createHash('sha256').update(request).digest('base64url') };
}
