import { z } from 'zod';
import { authenticateAccessToken } from '../commands/authenticate.js';
import { auditDenials } from '../commands/audit-denials.js';
import type { Hub } from '../commands/hub.js';
import { logIn } from '../commands/log-in.js';
import { unauthenticated } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { countRate } from '../storage/rates.js';
import type { Limits } from '../storage/rate-limits.js';
import { actorKey, type StaffActor } from '../policies/index.js';
import { presentUser } from '../presenters/user.js';
import { TIMING } from '../shared/limits.js';
import type { AuthSuccess } from '../shared/socket-events.js';
import { addressOf } from './address-of.js';
import { agentCalls, type AgentCaller } from './agent-calls.js';
import { cutAt } from './cut-at.js';
import { staffOriginAllowed } from './origins.js';
import { ROOM, roomsOf, standIn } from './rooms.js';
import { answerCalls, defineCall, type SocketCall } from './socket-call.js';
import type { AgentNamespace, AgentSocket } from './types.js';

/** Rights of a socket may be as old as this; then its token is looked at again. Milliseconds. */
const RIGHTS_FOR = 5_000;

const authenticateInput = z.union([
  z.strictObject({ token: z.string().min(1) }),
  z.strictObject({ email: z.string().min(3).max(320), password: z.string().min(1).max(200) }),
]);

/** Starts `/agent`: who comes in, which rooms they stand in, what they may call (SPEC 13, PROTOCOLS 11). */
export function serveAgents(hub: Hub, limits: Limits, faults: ClientFaults, namespace: AgentNamespace): void {
  namespace.use((socket, next) => {
    void admit(hub, limits, socket).then(
      () => next(),
      (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
    );
  });
  namespace.on('connection', (socket) => {
    if (socket.data.actor === null) expectAuthentication(socket);
    else void confirmRights(hub, socket).catch(() => undefined);
    const calls = { ...agentCalls, authenticate: authenticateCall(hub, limits) };
    const address = addressOf(hub.env, socket.handshake);
    answerCalls<AgentCaller>(socket, calls, {
      logger: hub.logger,
      faults,
      count: (rate) => {
        const { actor } = socket.data;
        const person = actor === null ? `socket:${socket.id}` : actorKey(actor);
        return countRate(hub.env, limits, rate, { party: 'staff', person, address });
      },
      callerOf: (event) => callerOf(hub, socket, event),
      guard: (caller, work) => auditDenials(hub, caller.actor, work),
    });
    socket.on('disconnect', () => clearTimeout(socket.data.expiry));
  });
  namespace.on('rights_changed', (userId: string) => void moveToRights(hub, namespace, userId));
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

async function admit(hub: Hub, limits: Limits, socket: AgentSocket): Promise<void> {
  const address = addressOf(hub.env, socket.handshake);
  await countRate(hub.env, limits, 'other', { party: 'staff', person: null, address });
  if (!staffOriginAllowed(hub.env, socket.handshake.headers.origin))
    throw unauthenticated('This website may not connect here.');
  const token: unknown = socket.handshake.auth['token'];
  socket.data = { actor: null, token: '', checkedAt: 0 };
  if (typeof token !== 'string' || token === '') return;
  await takeToken(hub, socket, token);
}

/** Proves the token, enters the rooms, and arranges the cut at its expiry. @throws AppError 401 */
async function takeToken(hub: Hub, socket: AgentSocket, token: string): Promise<void> {
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
async function confirmRights(hub: Hub, socket: AgentSocket): Promise<void> {
  try {
    await refreshRights(hub, socket);
  } catch (error) {
    setImmediate(() => socket.disconnect(true));
    throw error;
  }
}

async function callerOf(hub: Hub, socket: AgentSocket, event: string): Promise<AgentCaller> {
  if (event !== 'authenticate') {
    if (socket.data.actor === null) throw unauthenticated();
    if (hub.now() - socket.data.checkedAt > RIGHTS_FOR) {
      await confirmRights(hub, socket);
    }
  }
  return { hub, actor: socket.data.actor as AgentCaller['actor'], socket };
}

/** A socket without a token may only authenticate, and has 10 s for it. */
function expectAuthentication(socket: AgentSocket): void {
  const timer = setTimeout(() => {
    if (socket.data.actor === null) socket.disconnect(true);
  }, TIMING.authenticateWithin);
  socket.on('disconnect', () => clearTimeout(timer));
}

const authenticateCall = (hub: Hub, limits: Limits): SocketCall<AgentCaller> =>
  defineCall({
    ability: null,
    input: authenticateInput,
    reply: 'auth_success',
    handle: async ({ socket }: AgentCaller, input): Promise<AuthSuccess> => {
      if ('token' in input) {
        await takeToken(hub, socket, input.token);
        await confirmRights(hub, socket);
        const { user } = await authenticateAccessToken(hub, input.token);
        return { user: presentUser(user), accessToken: input.token, refreshToken: null };
      }
      const { handshake } = socket;
      const address = addressOf(hub.env, handshake);
      const userAgent = handshake.headers['user-agent'] ?? null;
      const loggedIn = await logIn(hub, limits, { ...input, address, userAgent, deviceToken: null });
      await takeToken(hub, socket, loggedIn.accessToken);
      await confirmRights(hub, socket);
      return {
        user: presentUser(loggedIn.user),
        accessToken: loggedIn.accessToken,
        refreshToken: loggedIn.refreshToken,
      };
    },
  });
