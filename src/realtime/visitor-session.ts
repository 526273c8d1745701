import { authenticateVisitorToken } from '../commands/access/authenticate.js';
import type { Hub } from '../hub.js';
import { assertOrigin } from '../commands/inboxes/widget-inbox.js';
import { rateLimited, unauthenticated } from '../errors.js';
import { inboxById } from '../models/cached-inboxes.js';
import { presentForCustomer } from '../presenters/customer-conversation.js';
import { visitorConversation } from '../reads/catch-up.js';
import type { ConnectionEstablished } from '../shared/schemas/visitor.js';
import { cutAt } from './cut-at.js';
import { ROOM, standIn } from './rooms.js';
import type { CustomerSocket } from './types.js';
import { confirmToken } from './visitor-tokens.js';

/** Proves the token, enters the room of its visitor, and arranges the cut at its expiry. @throws AppError 401, 403, 429 */
export async function takeToken(hub: Hub, socket: CustomerSocket, token: string): Promise<void> {
  const { actor, expiresAt } = await authenticateVisitorToken(hub, token);
  const inbox = await inboxById(actor.inboxId);
  if (inbox === null || inbox.state === 'disconnected') throw unauthenticated('This chat no longer exists.');
  const { origin } = socket.handshake.headers;
  if (origin !== undefined) assertOrigin(hub, inbox, origin);
  const room = ROOM.identity(actor.identityId);
  if ((socket.nsp.adapter.rooms.get(room)?.size ?? 0) >= hub.env.SOCKETS_PER_VISITOR) throw rateLimited(60);
  clearTimeout(socket.data.expiry);
  const expiry = cutAt(expiresAt, hub.now(), () => socket.disconnect(true));
  socket.data = { actor, token, checkedAt: hub.now(), ...(expiry === undefined ? {} : { expiry }) };
  await standIn(socket, [room]);
}

/** What a socket is told once its session is open. @throws AppError 401 */
export async function established(hub: Hub, socket: CustomerSocket): Promise<ConnectionEstablished> {
  const { actor, token } = socket.data;
  if (actor === null) throw unauthenticated();
  const [conversation] = await Promise.all([visitorConversation(actor.identityId), confirmToken(hub, socket)]);
  return {
    token,
    contactId: actor.contactId,
    conversation: conversation === null ? null : await presentForCustomer(conversation),
  };
}
