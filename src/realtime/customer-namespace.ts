import { auditDenials } from '../commands/access/audit-denials.js';
import type { Hub } from '../hub.js';
import { unauthenticated } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { ContactModel } from '../models/index.js';
import { actorKey } from '../policies/index.js';
import { TIMING } from '../shared/limits.js';
import { customerNamespace } from '../shared/socket-catalogue/index.js';
import { countRate } from '../storage/rates.js';
import type { Limits } from '../storage/rate-limits.js';
import { addressOf } from './address-of.js';
import { customerCalls } from './customer-calls.js';
import { answerCalls } from './socket-call.js';
import type { CustomerCaller, CustomerNamespace, CustomerSocket } from './types.js';
import { established, takeToken } from './visitor-session.js';
import { confirmToken, cutOlderTokens, isDoubtful } from './visitor-tokens.js';

/** Starts `/customer`: visitors with a token, or who open a session over the socket (SPEC 13). */
export function serveCustomers(hub: Hub, limits: Limits, faults: ClientFaults, namespace: CustomerNamespace): void {
  namespace.use((socket, next) => {
    void admit(hub, limits, socket).then(
      () => next(),
      (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
    );
  });
  namespace.on('connection', (socket) => {
    const logger = hub.logger.with({ requestId: socket.id });
    if (socket.data.actor === null) expectSession(socket);
    else
      void established(hub, socket)
        .then((data) => socket.emit('connection_established', data))
        .catch(() => undefined);
    const address = addressOf(hub.env, socket.handshake);
    answerCalls(socket, customerCalls, {
      logger,
      faults,
      count: (rate) => {
        const { actor } = socket.data;
        const person = actor === null ? `socket:${socket.id}` : actorKey(actor);
        return countRate(hub.env, limits, rate, { party: 'visitor', person, address });
      },
      callerOf: (event) => callerOf({ ...hub, logger }, limits, socket, event),
      guard: (caller, work) => auditDenials(caller.hub, caller.actor, work),
    });
    socket.on('disconnect', () => {
      clearTimeout(socket.data.expiry);
      if (socket.data.actor !== null) noteLastSeen(hub, socket.data.actor.contactId);
    });
  });
  namespace.on('tokens_ended', (identityId: string, epoch: number) => cutOlderTokens(namespace, identityId, epoch));
}

async function admit(hub: Hub, limits: Limits, socket: CustomerSocket): Promise<void> {
  const address = addressOf(hub.env, socket.handshake);
  await countRate(hub.env, limits, 'other', { party: 'visitor', person: null, address });
  const token: unknown = socket.handshake.auth['token'];
  socket.data = { actor: null, token: '', checkedAt: 0 };
  if (typeof token === 'string' && token !== '') await takeToken(hub, socket, token);
}

async function callerOf(hub: Hub, limits: Limits, socket: CustomerSocket, event: string): Promise<CustomerCaller> {
  if (event !== customerNamespace.entry) {
    if (socket.data.actor === null) throw unauthenticated('Send customer_connect first.');
    // A message is stored only under the epoch of its token, which costs no look of its own.
    if (event !== 'customer_message' && isDoubtful(hub, socket)) await confirmToken(hub, socket);
  }
  return { hub, limits, actor: socket.data.actor as CustomerCaller['actor'], socket };
}

/** A socket without a token may only open a session, and has 10 s for it. */
function expectSession(socket: CustomerSocket): void {
  const timer = setTimeout(() => {
    if (socket.data.actor === null) socket.disconnect(true);
  }, TIMING.authenticateWithin);
  socket.on('disconnect', () => clearTimeout(timer));
}

function noteLastSeen(hub: Hub, contactId: string): void {
  ContactModel.updateOne({ _id: contactId }, { $max: { lastSeenAt: new Date(hub.now()) } }).catch((error: unknown) =>
    hub.logger.debug('sockets', 'when a visitor left could not be noted', { error }),
  );
}
