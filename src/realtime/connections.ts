import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'socket.io';
import type { Env } from '../env.js';
import { TIMING } from '../shared/limits.js';
import { limitAddress } from '../utils/client-address.js';
import { addressOf } from './address-of.js';

type Connection = Socket['conn'];

/** Counts the open connections of each address, on this process. */
export interface ConnectionCount {
  /** Whether this address has as many as it may. */
  isFull(request: IncomingMessage): boolean;
  /** A connection is there; it is counted until it closes. */
  add(connection: Connection): void;
}

/** @param env says how many an address may have, and whose word on the address counts. */
export function countConnections(env: Pick<Env, 'TRUST_PROXY' | 'SOCKETS_PER_ADDRESS'>): ConnectionCount {
  const open = new Map<string, number>();
  const keyOf = ({ socket, headers }: IncomingMessage): string =>
    limitAddress(addressOf(env, { address: socket.remoteAddress ?? '', headers }));
  return {
    isFull: (request) => (open.get(keyOf(request)) ?? 0) >= env.SOCKETS_PER_ADDRESS,
    add: (connection) => {
      const key = keyOf(connection.request);
      open.set(key, (open.get(key) ?? 0) + 1);
      connection.once('close', () => {
        const left = (open.get(key) ?? 1) - 1;
        if (left > 0) open.set(key, left);
        else open.delete(key);
      });
    },
  };
}

/** Refuses everybody in the default namespace, which serves nothing, and ends their connection. */
export function refuseDefaultNamespace(io: Server): void {
  io.of('/').use((socket, next) => {
    next(new Error('Connect to /agent or /customer.'));
    // Closing waits for what is still to be written.
    setImmediate(() => socket.conn.close());
  });
}

/**
 * Ends connections that have left their last namespace and join none again in time; the library does so only for those that never
 * joined one.
 */
export function endLeftConnections(io: Server): void {
  const joined = new WeakMap<Connection, number>();
  for (const name of ['/agent', '/customer']) {
    io.of(name).on('connection', (socket) => {
      const { conn } = socket;
      joined.set(conn, (joined.get(conn) ?? 0) + 1);
      socket.on('disconnect', () => {
        joined.set(conn, (joined.get(conn) ?? 1) - 1);
        if (conn.readyState !== 'open') return;
        setTimeout(() => {
          if (joined.get(conn) === 0) conn.close();
        }, TIMING.joinWithin).unref();
      });
    });
  }
}
