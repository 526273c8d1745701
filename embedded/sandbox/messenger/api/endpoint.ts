import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { ActError } from '../person-side.js';
import type { Person } from '../types.js';
import type { World } from '../world.js';

/** A fault of the caller of the scripting API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Renders what the routes throw. */
export const renderErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const status = error instanceof ApiError || error instanceof ActError ? error.status : statusOf(error);
    if (status === null) throw error;
    ctx.status = status;
    ctx.body = { error: { message: error instanceof Error ? error.message : 'bad request' } };
  }
};

/** Status of an error that body readers throw for the caller's fault; null for anything else. */
function statusOf(error: unknown): number | null {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status < 500 ? status : null;
}

/** Reads and checks a JSON body. Only real JSON requests are taken, so no web page can post here by a form. */
export function inputOf<T extends z.ZodType>(ctx: Context, schema: T): z.output<T> {
  if (ctx.is('application/json') === false) throw new ApiError(415, 'send JSON (Content-Type: application/json)');
  const parsed = schema.safeParse(ctx.request.body);
  if (!parsed.success) throw new ApiError(400, z.prettifyError(parsed.error));
  return parsed.data;
}

/** The person named in the path. Throws ActError 404. */
export function personOf(world: World, ctx: Context): Person {
  return world.people.require(String((ctx.params as Record<string, string>).id));
}
