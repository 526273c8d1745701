import { authenticateAccessToken } from '../commands/access/authenticate.js';
import type { Hub } from '../hub.js';
import type { StaffActor } from '../policies/index.js';
import { cutAt } from './cut-at.js';
import { ROOM, roomsOf, standIn } from './rooms.js';
import type { AgentNamespace, AgentSocket } from './types.js';

/** Proves the token, enters the rooms, and arranges the cut at its expiry. @throws AppError 401 */
export async function takeToken(hub: Hub, socket: AgentSocket, token: string): Promise<void> {
  const { actor, expiresAt } = await authenticateAccessToken(hub, token);
  clearTimeout(socket.data.expiry);
  const expiry = cutAt(expiresAt, hub.now(), () => {
    socket.emit('auth_error', { code: 'UNAUTHENTICATED', message: 'Your log-in has expired. Please log in again.' });
    socket.disconnect(true);
  });
  socket.data = { actor, token, checkedAt: hub.now(), ...(expiry === undefined ? {} : { expiry }) };
  await standIn(socket, roomsOf(actor));
}

/** Numbers of the last look at a socket's rights that began, and of the newest one that counted. */
const rightsRead = new WeakMap<AgentSocket, { begun: number; applied: number }>();

function readsOf(socket: AgentSocket): { begun: number; applied: number } {
  const reads = rightsRead.get(socket) ?? { begun: 0, applied: 0 };
  rightsRead.set(socket, reads);
  return reads;
}

/** Reads the rights anew and stands in exactly the rooms they give; conversation rooms are left if there are fewer than before. */
async function refreshRights(hub: Hub, socket: AgentSocket): Promise<StaffActor> {
  const reads = readsOf(socket);
  const read = (reads.begun += 1);
  const { actor } = await authenticateAccessToken(hub, socket.data.token);
  const before = socket.data.actor;
  // What was read before they changed must not put the socket back.
  if (read < reads.applied && before !== null) return before;
  reads.applied = read;
  socket.data.actor = actor;
  socket.data.checkedAt = hub.now();
  const rooms = new Set(roomsOf(actor));
  const lost = before === null ? [] : roomsOf(before).filter((room) => !rooms.has(room));
  await socket.join([...rooms]);
  for (const room of lost) await socket.leave(room);
  if (lost.length === 0) return actor;
  for (const room of socket.rooms) if (room.startsWith(ROOM.conversation(''))) await socket.leave(room);
  return actor;
}

/**
 * Reads the rights anew; without any left the socket is cut. Also done once the rooms are entered: who lost their rights while they
 * came in was in no room yet when sockets were cut.
 * @throws AppError 401, 503
 */
export async function confirmRights(hub: Hub, socket: AgentSocket): Promise<void> {
  try {
    await refreshRights(hub, socket);
  } catch (error) {
    setImmediate(() => socket.disconnect(true));
    throw error;
  }
}

/** A user's sockets of this process stand where their rights of this moment put them; then they are told. Never rejects. */
export async function moveToRights(hub: Hub, namespace: AgentNamespace, userId: string): Promise<void> {
  const sockets = [...namespace.sockets.values()].filter((socket) => socket.data.actor?.userId === userId);
  await Promise.all(
    sockets.map(async (socket) => {
      try {
        const { scopeRev } = await refreshRights(hub, socket);
        socket.emit('scope_changed', { scopeRev });
      } catch {
        socket.disconnect(true);
      }
    }),
  );
}
