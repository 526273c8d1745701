import { authenticateVisitorToken } from '../commands/access/authenticate.js';
import type { Hub } from '../hub.js';
import { ROOM } from './rooms.js';
import type { CustomerNamespace, CustomerSocket } from './types.js';

/** What a socket's token was worth may be as old as this; then it is looked at again. Milliseconds. */
const TRUSTED_FOR = 5_000;

/** Cuts the sockets of this process that came with a token of the identity from before this epoch. */
export function cutOlderTokens(namespace: CustomerNamespace, identityId: string, epoch: number): void {
  for (const id of [...(namespace.adapter.rooms.get(ROOM.identity(identityId)) ?? [])]) {
    const socket = namespace.sockets.get(id);
    if ((socket?.data.actor?.epoch ?? epoch) < epoch) socket?.disconnect(true);
  }
}

/**
 * Looks at a socket's token again; one that has ended cuts the socket. Also done once its room is entered: who came in while the
 * token ended was in no room yet when sockets were cut.
 * @throws AppError 401, 503
 */
export async function confirmToken(hub: Hub, socket: CustomerSocket): Promise<void> {
  const checkedAt = hub.now();
  try {
    await authenticateVisitorToken(hub, socket.data.token);
    socket.data.checkedAt = checkedAt;
  } catch (error) {
    setImmediate(() => socket.disconnect(true));
    throw error;
  }
}

/** Whether a token was looked at so long ago that word of its end may have been lost. */
export const isDoubtful = (hub: Hub, socket: CustomerSocket): boolean =>
  hub.now() - socket.data.checkedAt > TRUSTED_FOR;
