import type { createAdapter } from '@socket.io/redis-streams-adapter';

type AdapterFactory = ReturnType<typeof createAdapter>;

/** What the adapter calls to tell the other processes; what it answers only serves a recovery that is off (PROTOCOLS 11). */
interface Publishing {
  publishAndReturnOffset(message: unknown): Promise<string>;
}

/**
 * Tells the sockets of this process at once instead of after Redis has taken the message for the others: a slow or dead Redis then
 * delays nobody here.
 * @param onLost told when Redis did not take a message; the others' clients find it when they catch up.
 */
export const localFirst = (create: AdapterFactory, onLost: (error: unknown) => void): AdapterFactory =>
  // Socket.IO calls it with `new`, which an arrow function does not take.
  function adapterOf(namespace) {
    const adapter = create(namespace);
    const publishing = adapter as unknown as Publishing;
    const publish = publishing.publishAndReturnOffset.bind(adapter);
    publishing.publishAndReturnOffset = (message) => {
      // The library publishes first and waits; here its own sockets come first, and what is published keeps its order.
      setImmediate(() => void publish(message).catch(onLost));
      return Promise.resolve('');
    };
    return adapter;
  };
