import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Server } from 'socket.io';
import type { Hub } from '../hub.js';
import type { Change } from '../events/change.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { assertPolicies } from '../policies/index.js';
import { TIMING } from '../shared/limits.js';
import { guardedCalls, socketCatalogue } from '../shared/socket-catalogue/index.js';
import type { Redis } from '../storage/redis.js';
import type { Limits } from '../storage/rate-limits.js';
import { serveAgents } from './agent-namespace.js';
import type { Logger } from '../logging/logger.js';
import { broadcast } from './broadcast.js';
import { countConnections, endLeftConnections, refuseDefaultNamespace } from './connections.js';
import { serveCustomers } from './customer-namespace.js';
import { localFirst } from './local-first.js';
import { createOriginFilter } from './origins.js';
import type { Namespaces } from './types.js';

/** Sockets of one process, or in a worker only the way to those of others. */
export interface Realtime {
  emitAfterCommit(hub: Hub, change: Change): void;
  /** Serves both namespaces on an HTTP server. @throws PolicyMissingError for an event without a rule. */
  serve(hub: Hub, http: HttpServer, limits: Limits, faults: ClientFaults): void;
  close(): Promise<void>;
}

/** A block of the stream reader; shorter than the client's command time-out (PROTOCOLS 11). Milliseconds. */
const BLOCK = 1_000;

/** The clients made from this one from now on. */
function copiesOf(redis: Redis): Redis[] {
  const copies: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = ((...options: Parameters<Redis['duplicate']>) => {
    const copy = duplicate(...options);
    copies.push(copy);
    return copy;
  }) as Redis['duplicate'];
  return copies;
}

/**
 * @param redis a client of its own, whose commands may wait.
 */
export function createRealtime(redis: Redis, logger: Logger): Realtime {
  const onLost = (error: unknown): void =>
    logger.debug('sockets', 'other processes were not told; their clients find it when they catch up', { error });
  const copies = copiesOf(redis);
  let filter: ReturnType<typeof createOriginFilter> | null = null;
  const io = new Server({
    path: '/socket.io',
    serveClient: false,
    adapter: localFirst(
      createAdapter(redis, { streamName: 'switchboard:sockets', blockTimeInMs: BLOCK, onlyPlaintext: true }),
      onLost,
    ),
    cors: { origin: true },
    allowRequest: (request, answer) => (filter === null ? answer(null, false) : filter(request, answer)),
    maxHttpBufferSize: 256 * 1024,
    connectTimeout: TIMING.joinWithin,
  });
  const namespaces: Namespaces = { io, agent: io.of('/agent'), customer: io.of('/customer') };

  return {
    emitAfterCommit: (hub, change) => {
      broadcast(hub, namespaces, change).catch((error: unknown) =>
        hub.logger.warn('sockets', 'a change was not told; clients find it when they catch up', {
          type: change.type,
          error,
        }),
      );
    },
    serve: (hub, http, limits, faults) => {
      assertPolicies(socketCatalogue.flatMap(guardedCalls));
      const connections = countConnections(hub.env);
      const filterOrigin = createOriginFilter(hub.env);
      filter = (request, answer) =>
        filterOrigin(request, (error, allowed) => {
          if (!allowed || !connections.isFull(request)) return answer(error, allowed);
          faults.note('sockets', 'TOO_MANY_CONNECTIONS', {});
          answer('Too many connections from this address.', false);
        });
      refuseDefaultNamespace(io);
      endLeftConnections(io);
      serveAgents(hub, limits, faults, namespaces.agent);
      serveCustomers(hub, limits, faults, namespaces.customer);
      io.attach(http);
      io.engine.on('connection', connections.add);
    },
    close: async () => {
      if (filter !== null) await io.close();
      else for (const namespace of [io.of('/'), namespaces.agent, namespaces.customer]) await namespace.adapter.close();
      // The adapter lets its reader wait for the stream; with Redis gone that takes seconds.
      for (const copy of copies) copy.disconnect();
    },
  };
}
