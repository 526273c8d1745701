import { z } from 'zod';
import { authenticateVisitorToken } from '../commands/authenticate.js';
import { auditDenials } from '../commands/audit-denials.js';
import type { Hub } from '../commands/hub.js';
import { introduceVisitor } from '../commands/introduce-visitor.js';
import { openVisitorSession } from '../commands/open-visitor-session.js';
import { assertOrigin } from '../commands/widget-inbox.js';
import { rateLimited, unauthenticated } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { inboxById } from '../models/cached-inboxes.js';
import { ContactModel } from '../models/index.js';
import { actorKey } from '../policies/index.js';
import { presentForCustomer } from '../presenters/customer-conversation.js';
import { visitorConversation } from '../reads/catch-up.js';
import { TIMING } from '../shared/limits.js';
import type { ConnectionEstablished } from '../shared/socket-events.js';
import { countRate } from '../storage/rates.js';
import type { Limits } from '../storage/rate-limits.js';
import { visitedPage } from '../utils/page-address.js';
import { addressOf } from './address-of.js';
import { customerCalls, type CustomerCaller } from './customer-calls.js';
import { cutAt } from './cut-at.js';
import { ROOM, standIn } from './rooms.js';
import { confirmToken, cutOlderTokens, isDoubtful } from './visitor-tokens.js';
import { answerCalls, defineCall, type SocketCall } from './socket-call.js';
import type { CustomerNamespace, CustomerSocket } from './types.js';

/** Starts `/customer`: visitors with a token, or who open a session over the socket (SPEC 13). */
export function serveCustomers(hub: Hub, limits: Limits, faults: ClientFaults, namespace: CustomerNamespace): void {
  namespace.use((socket, next) => {
    void admit(hub, limits, namespace, socket).then(
      () => next(),
      (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
    );
  });
  namespace.on('connection', (socket) => {
    if (socket.data.actor === null) expectSession(socket);
    else
      void established(hub, socket)
        .then((data) => socket.emit('connection_established', data))
        .catch(() => undefined);
    const calls = { ...customerCalls, customer_connect: connectCall(hub, limits, namespace) };
    const address = addressOf(hub.env, socket.handshake);
    answerCalls<CustomerCaller>(socket, calls, {
      logger: hub.logger,
      faults,
      count: (rate) => {
        const { actor } = socket.data;
        const person = actor === null ? `socket:${socket.id}` : actorKey(actor);
        return countRate(hub.env, limits, rate, { party: 'visitor', person, address });
      },
      callerOf: (event) => callerOf(hub, socket, event),
      guard: (caller, work) => auditDenials(hub, caller.actor, work),
    });
    socket.on('disconnect', () => {
      clearTimeout(socket.data.expiry);
      if (socket.data.actor !== null) noteLastSeen(hub, socket.data.actor.contactId);
    });
  });
  namespace.on('tokens_ended', (identityId: string, epoch: number) => cutOlderTokens(namespace, identityId, epoch));
}

async function admit(hub: Hub, limits: Limits, namespace: CustomerNamespace, socket: CustomerSocket): Promise<void> {
  const address = addressOf(hub.env, socket.handshake);
  await countRate(hub.env, limits, 'other', { party: 'visitor', person: null, address });
  const token: unknown = socket.handshake.auth['token'];
  socket.data = { actor: null, token: '', checkedAt: 0 };
  if (typeof token === 'string' && token !== '') await takeToken(hub, namespace, socket, token);
}

async function takeToken(hub: Hub, namespace: CustomerNamespace, socket: CustomerSocket, token: string): Promise<void> {
  const { actor, expiresAt } = await authenticateVisitorToken(hub, token);
  const inbox = await inboxById(actor.inboxId);
  if (inbox === null || inbox.state === 'disconnected') throw unauthenticated('This chat no longer exists.');
  const { origin } = socket.handshake.headers;
  if (origin !== undefined) assertOrigin(hub, inbox, origin);
  const room = ROOM.identity(actor.identityId);
  if ((namespace.adapter.rooms.get(room)?.size ?? 0) >= hub.env.SOCKETS_PER_VISITOR) throw rateLimited(60);
  clearTimeout(socket.data.expiry);
  const expiry = cutAt(expiresAt, hub.now(), () => socket.disconnect(true));
  socket.data = { actor, token, checkedAt: hub.now(), ...(expiry === undefined ? {} : { expiry }) };
  await standIn(socket, [room]);
}

async function callerOf(hub: Hub, socket: CustomerSocket, event: string): Promise<CustomerCaller> {
  if (event !== 'customer_connect') {
    if (socket.data.actor === null) throw unauthenticated('Send customer_connect first.');
    // A message is stored only under the epoch of its token, which costs no look of its own.
    if (event !== 'customer_message' && isDoubtful(hub, socket)) await confirmToken(hub, socket);
  }
  return { hub, actor: socket.data.actor as CustomerCaller['actor'], socket };
}

/** A socket without a token may only open a session, and has 10 s for it. */
function expectSession(socket: CustomerSocket): void {
  const timer = setTimeout(() => {
    if (socket.data.actor === null) socket.disconnect(true);
  }, TIMING.authenticateWithin);
  socket.on('disconnect', () => clearTimeout(timer));
}

async function established(hub: Hub, socket: CustomerSocket): Promise<ConnectionEstablished> {
  const { actor, token } = socket.data;
  if (actor === null) throw unauthenticated();
  const [conversation] = await Promise.all([visitorConversation(actor.identityId), confirmToken(hub, socket)]);
  return {
    token,
    contactId: actor.contactId,
    conversation: conversation === null ? null : await presentForCustomer(conversation),
  };
}

const connectCall = (hub: Hub, limits: Limits, namespace: CustomerNamespace): SocketCall<CustomerCaller> =>
  defineCall({
    ability: null,
    input: z.strictObject({
      inboxKey: z.string().min(1).max(100),
      token: z.string().max(2_000).optional(),
      name: z.string().trim().min(1).max(100).optional(),
      email: z.email().max(320).optional(),
      page: z.union([visitedPage.shape.url, visitedPage]).optional(),
    }),
    reply: 'connection_established',
    handle: async ({ socket }: CustomerCaller, input) => {
      const session = await openVisitorSession(hub, {
        inboxKey: input.inboxKey,
        ...(input.token === undefined ? {} : { token: input.token }),
        ...(input.page === undefined
          ? {}
          : { page: typeof input.page === 'string' ? { url: input.page } : input.page }),
        origin: socket.handshake.headers.origin ?? null,
        from: { limits, address: addressOf(hub.env, socket.handshake) },
      });
      await takeToken(hub, namespace, socket, session.token);
      await introduceVisitor(hub, session.identity, {
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.email === undefined ? {} : { email: input.email }),
      });
      return established(hub, socket);
    },
  });

function noteLastSeen(hub: Hub, contactId: string): void {
  ContactModel.updateOne({ _id: contactId }, { $max: { lastSeenAt: new Date(hub.now()) } }).catch((error: unknown) =>
    hub.logger.debug('sockets', 'when a visitor left could not be noted', { error }),
  );
}
