import type { z } from 'zod';
import { AppError, rateLimited, validationError } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { withLogContext } from '../logging/context.js';
import type { Logger } from '../logging/logger.js';
import type { ApiError } from '../shared/dto.js';
import type { Ack } from '../shared/socket-events.js';
import type { Ability } from '../policies/index.js';
import type { Rate } from '../storage/rates.js';
import { isStoreOutage } from '../storage/in-transaction.js';
import { Chains } from '../utils/chain.js';

/** One client event: what it takes, what it may, what it answers (SPEC 13). */
export interface SocketCall<Caller> {
  /** The row of the policy table; null for events that authenticate. */
  ability: Ability | null;
  /** Which rate it counts for. Default: `other`. */
  rate?: Rate;
  input: z.ZodType;
  /** What a client without a callback is sent on success; absent: nothing. */
  reply?: string;
  handle(caller: Caller, input: unknown): Promise<unknown>;
}

/** Keeps the input's type inside the handler. */
export function defineCall<Caller, I extends z.ZodType>(call: {
  ability: Ability | null;
  rate?: Rate;
  input: I;
  reply?: string;
  handle(caller: Caller, input: z.output<I>): Promise<unknown>;
}): SocketCall<Caller> {
  return { ...call, handle: (caller, input) => call.handle(caller, input as z.output<I>) };
}

/** An error as clients see it; our own faults are logged and say nothing of their inside. */
export function toApiError(error: unknown, logger: Logger, event: string): ApiError {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.details.length > 0 ? { details: error.details } : {}),
      ...(error.retryAfterSeconds === null ? {} : { retryAfter: error.retryAfterSeconds }),
    };
  }
  if (isStoreOutage(error)) {
    return { code: 'UNAVAILABLE', message: 'The service cannot store this right now. Please try again in a moment.' };
  }
  logger.error('sockets', 'a socket event failed', { event, error });
  return { code: 'INTERNAL', message: 'Something went wrong on our side. Please try again.' };
}

function parseInput(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw validationError(
    parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || 'event', message: issue.message })),
  );
}

/** Calls of one socket that may wait for their answers; of more nothing is kept. */
const MOST_WAITING = 200;

/** What answering takes of a Socket.IO socket. */
export interface CallSocket {
  readonly id: string;
  onAny(listen: (event: unknown, ...args: unknown[]) => void): unknown;
  emit(event: string, data: unknown): unknown;
}

/** What a namespace knows of the calls on its sockets. */
export interface Answering<Caller> {
  logger: Logger;
  faults: ClientFaults;
  /** Counts a call before anything else is done for it. @throws AppError 429 */
  count(rate: Rate): Promise<void>;
  /** Who calls; throws when the socket may not call this event (yet). */
  callerOf(event: string, call: SocketCall<Caller>): Promise<Caller>;
  /** Runs a handler so that what the policies refuse is written down. */
  guard(caller: Caller, work: () => Promise<unknown>): Promise<unknown>;
}

/**
 * Answers every event of a socket: with its acknowledgement if the client asked for one, else by the event's reply or `error`.
 * Unknown and malformed events get an error, never silence and never a crash.
 */
export function answerCalls<Caller>(
  socket: CallSocket,
  calls: Readonly<Record<string, SocketCall<Caller>>>,
  { logger, faults, count, callerOf, guard }: Answering<Caller>,
): void {
  // Looking up who calls must not let a later call overtake an earlier one.
  const inTurn = new Chains();
  let waiting = 0;
  const answer = async (event: string, input: unknown): Promise<Ack<unknown>> => {
    waiting += 1;
    try {
      if (waiting > MOST_WAITING) throw rateLimited(1);
      const call = Object.hasOwn(calls, event) ? calls[event] : undefined;
      await count(call?.rate ?? 'other');
      if (call === undefined)
        throw new AppError(404, 'UNKNOWN_EVENT', `There is no event called “${event.slice(0, 60)}”.`);
      const parsed = parseInput(call.input, input);
      const caller = await inTurn.run(socket.id, () => callerOf(event, call));
      return { ok: true, data: await guard(caller, () => call.handle(caller, parsed)) };
    } catch (error) {
      if (error instanceof AppError && error.status < 500) {
        faults.note('sockets', error.code, { event: event.slice(0, 60) });
      }
      return { ok: false, error: toApiError(error, logger, event) };
    } finally {
      waiting -= 1;
    }
  };

  // The library lets numbers through as names.
  socket.onAny((name, ...args) => {
    const event = String(name);
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (ack: Ack<unknown>) => void) : null;
    const input = typeof args[0] === 'function' ? undefined : args[0];
    void withLogContext({ requestId: socket.id }, () => answer(event, input)).then((ack) => {
      if (acknowledge !== null) return acknowledge(ack);
      const reply = Object.hasOwn(calls, event) ? calls[event]?.reply : undefined;
      if (!ack.ok) socket.emit(event === 'authenticate' ? 'auth_error' : 'error', ack.error);
      else if (reply !== undefined) socket.emit(reply, ack.data);
    });
  });
}
