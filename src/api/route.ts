import type { Context } from 'koa';
import type { z } from 'zod';
import type { Hub } from '../hub.js';
import { validationError } from '../errors.js';
import type { Ability, Actor, StaffActor, VisitorActor } from '../policies/index.js';
import type { Rate } from '../shared/words.js';
import type { LimitPolicy, Limits } from '../storage/rate-limits.js';
import { describeIssues } from '../utils/describe-issues.js';

/** Who a route is for: everybody, the team (access token) or visitors (visitor token). */
export type Access = 'public' | 'staff' | 'visitor';

interface ActorOf {
  public: null;
  staff: StaffActor;
  visitor: VisitorActor;
}

export interface RequestInfo {
  id: string;
  /** The client's address as the connection or a trusted proxy tells it. */
  address: string;
  userAgent: string | null;
  origin: string | null;
  /** The token of the device that a log-in gave to this browser; null: none. */
  deviceToken: string | null;
  /** Equal for every repeat of a request that came with an `Idempotency-Key`; null without one. */
  repeatId: string | null;
}

/** What a handler is given; it reads nothing else. */
export interface RouteCall<A extends Access, P, Q, B> {
  hub: Hub;
  limits: Limits;
  actor: ActorOf[A];
  input: { params: P; query: Q; body: B };
  request: RequestInfo;
  /** Lets the browser keep a device token and send it with its next log-in. */
  keepDevice(token: string): void;
}

interface RouteDefinition<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  O extends z.ZodType,
> {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** Under `/api`, with `:names` for params. */
  path: string;
  access: A;
  /** Required unless public. Abilities without a subject are checked before the handler; the others by it, after loading. */
  ability?: Ability;
  /** One line for the API document. */
  summary: string;
  /** Strict object schemas: unknown keys are refused. */
  input: { params?: P; query?: Q; body?: B };
  /** The shape of `data`, for the API document and the compiler. */
  output?: O;
  /** Takes the place of the general limit, counted per address. */
  rateLimit?: LimitPolicy;
  /** What the caller does that sockets can do, too: it counts with what they do there. */
  rate?: Rate;
  /** Fields of the body that nothing may be kept of, not even to know a repeat of the request by. */
  secretFields?: readonly string[];
  /** Status of success. Default 200. */
  status?: number;
  /** Reads a body that is not JSON; what it returns is validated like any other. */
  readBody?: (ctx: Context) => Promise<unknown>;
  handle(call: RouteCall<A, z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<O>>;
}

/** What a request brought, not yet validated. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** A route as the router, the boot check and the API document see it. */
export interface Route extends Omit<
  RouteDefinition<Access, z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  'handle' | 'input' | 'output'
> {
  input: { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };
  output: z.ZodType | null;
  /** Validates, then runs the handler. @throws AppError 400 listing every field that is wrong. */
  run(call: {
    hub: Hub;
    limits: Limits;
    actor: Actor | null;
    request: RequestInfo;
    raw: RawInput;
    keepDevice(token: string): void;
  }): Promise<unknown>;
}

/** Declares a route with its access, schemas and handler in one place (STYLE 3, 4). */
export function defineRoute<
  A extends Access,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  O extends z.ZodType = z.ZodNull,
>(definition: RouteDefinition<A, P, Q, B, O>): Route {
  const { handle, input, output, ...rest } = definition;
  return {
    ...rest,
    input,
    output: output ?? null,
    run: ({ hub, limits, actor, request, raw, keepDevice }) =>
      handle({
        hub,
        limits,
        request,
        keepDevice,
        actor: actor as ActorOf[A],
        input: {
          params: parse(input.params, raw.params, 'params'),
          query: parse(input.query, raw.query, 'query'),
          body: parse(input.body, raw.body, 'body'),
        },
      }),
  };
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, place: string): z.output<T> {
  if (schema === undefined) return undefined as z.output<T>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError(describeIssues(parsed.error, place));
}
