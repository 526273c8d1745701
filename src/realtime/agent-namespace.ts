import { auditDenials } from '../commands/access/audit-denials.js';
import type { Hub } from '../hub.js';
import { unauthenticated } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { actorKey } from '../policies/index.js';
import { TIMING } from '../shared/limits.js';
import { agentNamespace } from '../shared/socket-catalogue/index.js';
import { countRate } from '../storage/rates.js';
import type { Limits } from '../storage/rate-limits.js';
import { addressOf } from './address-of.js';
import { agentCalls } from './agent-calls.js';
import { confirmRights, moveToRights, takeToken } from './agent-session.js';
import { staffOriginAllowed } from './origins.js';
import { answerCalls } from './socket-call.js';
import type { AgentCaller, AgentNamespace, AgentSocket } from './types.js';

/** Rights of a socket may be as old as this; then its token is looked at again. Milliseconds. */
const RIGHTS_FOR = 5_000;

/** Starts `/agent`: who comes in, which rooms they stand in, what they may call (SPEC 13, PROTOCOLS 11). */
export function serveAgents(hub: Hub, limits: Limits, faults: ClientFaults, namespace: AgentNamespace): void {
  namespace.use((socket, next) => {
    void admit(hub, limits, socket).then(
      () => next(),
      (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
    );
  });
  namespace.on('connection', (socket) => {
    const logger = hub.logger.with({ requestId: socket.id });
    if (socket.data.actor === null) expectAuthentication(socket);
    else void confirmRights(hub, socket).catch(() => undefined);
    const address = addressOf(hub.env, socket.handshake);
    answerCalls(socket, agentCalls, {
      logger,
      faults,
      count: (rate) => {
        const { actor } = socket.data;
        const person = actor === null ? `socket:${socket.id}` : actorKey(actor);
        return countRate(hub.env, limits, rate, { party: 'staff', person, address });
      },
      callerOf: (event) => callerOf({ ...hub, logger }, limits, socket, event),
      guard: (caller, work) => auditDenials(caller.hub, caller.actor, work),
    });
    socket.on('disconnect', () => clearTimeout(socket.data.expiry));
  });
  namespace.on('rights_changed', (userId: string) => void moveToRights(hub, namespace, userId));
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

async function callerOf(hub: Hub, limits: Limits, socket: AgentSocket, event: string): Promise<AgentCaller> {
  if (event !== agentNamespace.entry) {
    if (socket.data.actor === null) throw unauthenticated();
    if (hub.now() - socket.data.checkedAt > RIGHTS_FOR) {
      await confirmRights(hub, socket);
    }
  }
  return { hub, limits, actor: socket.data.actor as AgentCaller['actor'], socket };
}

/** A socket without a token may only authenticate, and has 10 s for it. */
function expectAuthentication(socket: AgentSocket): void {
  const timer = setTimeout(() => {
    if (socket.data.actor === null) socket.disconnect(true);
  }, TIMING.authenticateWithin);
  socket.on('disconnect', () => clearTimeout(timer));
}
