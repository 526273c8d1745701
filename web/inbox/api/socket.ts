import { io, type Socket } from 'socket.io-client';
import type { ApiError } from '../../../src/shared/dto.js';
import type { Ack, AgentToServer, ServerToAgent } from '../../../src/shared/socket-events.js';
import { scheduleTimeout } from '../stores/store.js';
import { ApiFailure, unreachable } from './failure.js';
import type { Session } from './session.js';

export type AgentSocket = Socket<ServerToAgent, AgentToServer>;

/** A socket that is kept connected between `open` and `close`; it may be opened again. */
export interface AgentConnection {
  socket: AgentSocket;
  open(): void;
  close(): void;
}

const ANSWER_WITHIN_MS = 8_000;
const RENEW_DELAYS_MS = [0, 1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** A connection that lasted this long is a good one; the next renewal happens at once again. */
const STABLE_AFTER_MS = 10_000;

/** What the acknowledgement of a client event carries. */
type Answered<E extends keyof AgentToServer> =
  NonNullable<Parameters<AgentToServer[E]>[1]> extends (ack: Ack<infer T>) => void ? T : never;

/**
 * The staff socket. A token is read anew at every attempt; when the server cuts the socket or refuses the token, the
 * token is renewed and the socket connects again, ever more slowly.
 */
export function createAgentSocket(session: Session): AgentConnection {
  const socket: AgentSocket = io('/agent', {
    autoConnect: false,
    auth: (give) => {
      usedToken = session.data.get()?.accessToken ?? '';
      give({ token: usedToken });
    },
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
  let tries = 0;
  let usedToken = '';
  let closed = true;
  let cancel = (): void => undefined;

  const reconnect = async (): Promise<void> => {
    try {
      const renewed = await session.renew(usedToken);
      if (renewed !== null && !closed) socket.connect();
    } catch {
      reconnectLater();
    }
  };
  const reconnectLater = (): void => {
    if (closed) return;
    cancel();
    cancel = scheduleTimeout(() => void reconnect(), RENEW_DELAYS_MS[Math.min(tries, RENEW_DELAYS_MS.length - 1)] ?? 0);
    tries += 1;
  };

  socket.on('connect', () => {
    cancel();
    cancel = scheduleTimeout(() => {
      tries = 0;
    }, STABLE_AFTER_MS);
  });
  socket.on('disconnect', (reason) => {
    cancel();
    if (reason === 'io server disconnect') reconnectLater();
  });
  socket.on('connect_error', () => {
    // The manager retries by itself unless the namespace refused this socket.
    if (!socket.active) reconnectLater();
  });
  return {
    socket,
    open: () => {
      closed = false;
      socket.connect();
    },
    close: () => {
      closed = true;
      cancel();
      socket.disconnect();
    },
  };
}

/**
 * Sends an event and waits for its acknowledgement. Throws ApiFailure: the server's error, or nobody answered. Without a
 * connection it throws at once, because Socket.IO would keep the event for later.
 */
export function ask<E extends keyof AgentToServer>(
  socket: AgentSocket,
  event: E,
  input: Parameters<AgentToServer[E]>[0],
): Promise<Answered<E>> {
  if (!socket.connected) return Promise.reject(unreachable());
  return new Promise((resolve, reject) => {
    const answer = (timedOut: Error | null, ack: Ack<Answered<E>>): void => {
      if (timedOut !== null) reject(timeoutFailure());
      else if (ack.ok) resolve(ack.data);
      else reject(failureOf(ack.error));
    };
    const emitter = socket.timeout(ANSWER_WITHIN_MS) as unknown as {
      emit(event: E, input: Parameters<AgentToServer[E]>[0], answer: unknown): void;
    };
    emitter.emit(event, input, answer);
  });
}

const timeoutFailure = (): ApiFailure => new ApiFailure(0, { code: 'TIMEOUT', message: '' });

function failureOf(error: ApiError): ApiFailure {
  const { retryAfter } = error;
  return new ApiFailure(statusOf(error.code), error, retryAfter === undefined ? null : retryAfter * 1_000);
}

/** Acknowledgements carry codes only; these are the ones that the inbox treats by status. */
function statusOf(code: string): number {
  const known: Record<string, number> = {
    UNAUTHENTICATED: 401,
    FORBIDDEN: 403,
    NOT_FOUND: 404,
    RATE_LIMITED: 429,
    UNAVAILABLE: 503,
  };
  return known[code] ?? 400;
}
