import { io } from 'socket.io-client';
import type { CustomerToServer, ServerToCustomer } from '../../../src/shared/socket-catalogue/index.js';

type Input<E extends keyof CustomerToServer> = Parameters<CustomerToServer[E]>[0];
type AnswerOf<E extends keyof CustomerToServer> =
  NonNullable<Parameters<CustomerToServer[E]>[1]> extends (ack: infer A) => void ? A : never;

/** Milliseconds after which an unanswered call counts as lost. */
const ANSWER_WITHIN = 10_000;

/** Told about the life of the connection and about everything the server says on its own. */
export interface ConnectionHandlers {
  onUp(): void;
  onDown(): void;
  /** The server does not accept the token, or has ended the connection: only a renewed session helps. */
  onRefused(): void;
  events: { [E in keyof ServerToCustomer]?: ServerToCustomer[E] };
}

/** The live connection of a visitor (`/customer`). Reconnects by itself after faults of the network. */
export interface Connection {
  readonly connected: boolean;
  /** Connects, or connects anew with the token that is valid now. */
  open(): void;
  close(): void;
  /** Calls the server. Rejects when there is no connection or no answer in time: the outcome is then unknown. */
  ask<E extends keyof CustomerToServer>(event: E, input: Input<E>): Promise<AnswerOf<E>>;
}

/** Prepares a connection to the hub at `origin`; `token` is asked at every connect. */
export function createConnection(origin: string, token: () => string, handlers: ConnectionHandlers): Connection {
  const socket = io(`${origin}/customer`, {
    autoConnect: false,
    forceNew: true,
    auth: (give) => give({ token: token() }),
    // WebSocket first needs no sticky sessions; polling remains for networks that block it.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelayMax: 15_000,
  });
  socket.on('connect', () => handlers.onUp());
  socket.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return;
    handlers.onDown();
    if (reason === 'io server disconnect') handlers.onRefused();
  });
  socket.on('connect_error', () => {
    handlers.onDown();
    // An inactive socket was refused by the server and is not tried again by the library.
    if (!socket.active) handlers.onRefused();
  });
  for (const [event, handler] of Object.entries(handlers.events)) socket.on(event, handler);

  return {
    get connected() {
      return socket.connected;
    },
    open: () => void socket.connect(),
    close: () => void socket.disconnect(),
    ask: async (event, input) => {
      // The library would keep a call for the next connection; ours are decided anew then.
      if (!socket.connected) throw new Error('not connected');
      return (await socket.timeout(ANSWER_WITHIN).emitWithAck(event, input)) as AnswerOf<typeof event>;
    },
  };
}
