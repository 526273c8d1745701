import type { Context } from 'koa';
import { koaBody } from 'koa-body';
import { unsupportedMediaType, validationError } from '../../errors.js';
import { nestsDeeperThan } from '../../utils/nesting.js';
import { bodyFault } from '../on-error.js';

/** The largest JSON body, in bytes: 5,000 typed characters with everything around them, several times over. */
const JSON_LIMIT = 256 * 1024;
/** Levels of lists and objects inside one another: far more than any route takes, far fewer than recursion and the store bear. */
const DEEPEST = 32;
const JSON_TYPES = ['application/json', 'application/*+json'];

const parse = koaBody({
  json: true,
  jsonTypes: JSON_TYPES,
  jsonLimit: JSON_LIMIT,
  urlencoded: false,
  text: false,
  multipart: false,
  onError: (error) => {
    throw bodyFault(error);
  },
});

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Reads a JSON body; no body is an empty object.
 * @throws AppError 400 for JSON that is malformed or nested too deep, 413 when too large, 415 for another content type.
 */
export async function readJson(ctx: Context): Promise<unknown> {
  const type = ctx.is(JSON_TYPES);
  if (type === null || ctx.request.length === 0) return {};
  if (type === false) throw unsupportedMediaType('Send JSON, with Content-Type: application/json.');
  await parse(ctx, nothing);
  const body: unknown = ctx.request.body ?? {};
  if (nestsDeeperThan(body, DEEPEST))
    throw validationError([], `Lists and objects may stand at most ${DEEPEST} levels inside one another.`);
  return body;
}
