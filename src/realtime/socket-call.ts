import type { z } from 'zod';
import { AppError, rateLimited, validationError } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import type { Logger } from '../logging/logger.js';
import type { Ability } from '../policies/index.js';
import type { Ack, ApiError } from '../shared/schemas/error.js';
import type { ClientEvent, Namespace } from '../shared/socket-catalogue/rows.js';
import type { Rate } from '../shared/words.js';
import { isStoreOutage } from '../storage/in-transaction.js';
import { Chains } from '../utils/chain.js';

/** What answers the client events of a namespace: one function for each row of its catalogue, of the types that the row names. */
export type Handlers<Calls extends Namespace['calls'], Caller> = {
  readonly [E in keyof Calls]: (
    caller: Caller,
    input: z.output<Calls[E]['input']>,
  ) => Promise<z.output<Calls[E]['answer']>>;
};

/** A row of the catalogue with what answers it. */
export interface SocketCall<Caller> extends Pick<ClientEvent, 'rate' | 'input' | 'reply' | 'fault'> {
  handle(caller: Caller, input: unknown): Promise<unknown>;
}

/** Puts rows and handlers together. Rows that ask for an ability which the policy table does not know do not compile. */
export function bindCalls<Calls extends Readonly<Record<string, ClientEvent & { ability: Ability | null }>>, Caller>(
  calls: Calls,
  handlers: Handlers<Calls, Caller>,
): Readonly<Record<string, SocketCall<Caller>>> {
  const handle = handlers as unknown as Readonly<Record<string, SocketCall<Caller>['handle']>>;
  return Object.fromEntries(
    Object.entries(calls).map(([event, row]) => [
      event,
      { ...row, handle: handle[event] as SocketCall<Caller>['handle'] },
    ]),
  );
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
  callerOf(event: string): Promise<Caller>;
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
  const callOf = (event: string) => (Object.hasOwn(calls, event) ? calls[event] : undefined);
  const answer = async (event: string, input: unknown): Promise<Ack<unknown>> => {
    waiting += 1;
    try {
      if (waiting > MOST_WAITING) throw rateLimited(1);
      const call = callOf(event);
      await count(call?.rate ?? 'other');
      if (call === undefined)
        throw new AppError(404, 'UNKNOWN_EVENT', `There is no event called “${event.slice(0, 60)}”.`);
      const parsed = parseInput(call.input, input);
      const caller = await inTurn.run(socket.id, () => callerOf(event));
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
    void answer(event, input).then((ack) => {
      if (acknowledge !== null) return acknowledge(ack);
      const call = callOf(event);
      if (!ack.ok) socket.emit(call?.fault ?? 'error', ack.error);
      else if (call && call.reply !== null) socket.emit(call.reply, ack.data);
    });
  });
}
