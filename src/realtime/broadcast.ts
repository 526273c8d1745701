import type { Hub } from '../hub.js';
import type { Change, ConversationChange } from '../events/change.js';
import type { DomainEventType } from '../events/domain-event.js';
import { ContactModel, type Contact, type Conversation } from '../models/index.js';
import { presentConversation } from '../presenters/conversation.js';
import { presentForCustomer } from '../presenters/customer-conversation.js';
import { loadMessageContext } from '../presenters/load-message-context.js';
import { presentCustomerMessage, presentMessage, type MessageContext } from '../presenters/message.js';
import { roomsOfPlace } from '../shared/conversation-rights.js';
import type { ConversationDto } from '../shared/schemas/conversation.js';
import { onStore } from '../storage/in-transaction.js';
import { Chains } from '../utils/chain.js';
import { moveToRights } from './agent-session.js';
import { cutOlderTokens } from './visitor-tokens.js';
import { audienceOf, ROOM } from './rooms.js';
import type { Namespaces } from './types.js';

type ChangeOf<T extends Change['type']> = Extract<Change, { type: T }>;
type Broadcasters = { [T in Change['type']]: (hub: Hub, to: Namespaces, change: ChangeOf<T>) => Promise<void> | void };

/**
 * Changes of one conversation are told in the order of their commits here: presenting one takes longer than another, and who may
 * no longer see a conversation must not hear of it after they were told so.
 */
const inTurn = new Chains();

/** One row per kind of change: who is told, and through which presenter. */
const BROADCASTERS: Broadcasters = {
  conversation: (hub, to, change) =>
    inTurn.run(String(change.conversation._id), async () => {
      moveAudience(to, change);
      const { identity, contact: read } = change.around;
      const contact = (await read) ?? (await contactById(change.conversation.contact));
      const known = { ...(identity === undefined ? {} : { identity }), ...(contact === null ? {} : { contact }) };
      const messages = change.messages.map((entry) => entry.message);
      const [context, conversation] = await Promise.all([
        loadMessageContext(messages, hub.env, hub.now(), known.contact),
        presentConversation(hub, change.conversation, known),
      ]);
      tellStaff(to, change, conversation, context);
      await tellCustomer(to, change, context);
    }),
  contact_typing: (_hub, to, { conversation, isTyping }) => {
    const told = { conversationId: String(conversation._id), isTyping };
    to.agent.to(audienceOf(conversation)).volatile.emit('customer_typing', told);
  },
  agent_typing: (_hub, to, { conversation, user, isTyping }) => {
    const conversationId = String(conversation._id);
    to.agent.to(audienceOf(conversation)).volatile.emit('agent_typing', { conversationId, user, isTyping });
    to.customer
      .to(ROOM.identity(String(conversation.identity)))
      .volatile.emit('agent_typing', { conversationId, isTyping });
  },
  read_state: (_hub, to, { userId, conversationId, readCount }) => {
    to.agent.to(ROOM.agent(userId)).emit('read_state', { conversationId, readCount });
  },
  availability: (_hub, to, { userId, availability }) => {
    to.agent.to(ROOM.staff).emit('agent_status_change', { userId, availability });
  },
  list: (_hub, to, { name }) => {
    to.agent.to(ROOM.staff).emit('list_changed', { name });
  },
  scope: async (hub, to, { userId }) => {
    // Reaches the other processes only.
    to.agent.serverSideEmit('rights_changed', userId);
    await moveToRights(hub, to.agent, userId);
  },
  visitor_tokens_ended: (_hub, to, { identityId, epoch }) => {
    // Reaches the other processes only.
    to.customer.serverSideEmit('tokens_ended', identityId, epoch);
    // Whoever asked for it is answered first.
    setImmediate(() => cutOlderTokens(to.customer, identityId, epoch));
  },
  revoked: (_hub, to, { userId, sessionId }) => {
    to.agent.in(sessionId === null ? ROOM.agent(userId) : ROOM.session(sessionId)).disconnectSockets(true);
  },
};

/** Tells everybody who may know of a change. */
export async function broadcast(hub: Hub, to: Namespaces, change: Change): Promise<void> {
  await (BROADCASTERS[change.type] as (hub: Hub, to: Namespaces, change: Change) => Promise<void> | void)(
    hub,
    to,
    change,
  );
}

const contactById = (id: Conversation['contact']): Promise<Contact | null> =>
  onStore(ContactModel.findById(id).lean<Contact>().exec());

/** At another place other people may see it: those who no longer may are told so, and leave its room. */
function moveAudience(to: Namespaces, { conversation, movedFrom }: ConversationChange): void {
  if (movedFrom === null) return;
  const before = roomsOfPlace(movedFrom);
  const now = audienceOf(conversation);
  const conversationId = String(conversation._id);
  to.agent.to(before).except(now).emit('conversation_removed', { conversationId });
  to.agent.in(ROOM.conversation(conversationId)).except(now).socketsLeave(ROOM.conversation(conversationId));
}

function tellStaff(
  to: Namespaces,
  change: ConversationChange,
  conversation: ConversationDto,
  context: MessageContext,
): void {
  const audience = to.agent.to(audienceOf(change.conversation));
  if (change.created) audience.emit('new_ticket', { conversation });
  for (const { message, created } of change.messages) {
    const told = { conversation, message: presentMessage(message, context) };
    if (!created) audience.emit('message_updated', told);
    else if (message.senderType === 'contact') audience.emit('customer_message', told);
    else audience.emit('message_created', told);
  }
  if (change.messages.length === 0) audience.emit('ticket_updated', { conversation });
}

async function tellCustomer(to: Namespaces, change: ConversationChange, context: MessageContext): Promise<void> {
  const conversation = await presentForCustomer(change.conversation);
  const customer = to.customer.to(ROOM.identity(String(change.conversation.identity)));
  const happened = (type: DomainEventType): boolean => change.events.some((event) => event.type === type);
  if (happened('conversation.statusChanged')) customer.emit('ticket_status_change', { conversation });
  if (happened('conversation.assigned') && change.conversation.assignee)
    customer.emit('agent_assigned', { conversation });
  let toldOfMessage = false;
  for (const { message, created } of change.messages) {
    const presented = presentCustomerMessage(message, context);
    if (presented === null) continue;
    toldOfMessage = true;
    if (!created) customer.emit('message_updated', { message: presented, conversation });
    else if (message.senderType === 'contact') customer.emit('message_created', { message: presented, conversation });
    else customer.emit('agent_message', { message: presented, conversation });
  }
  if (!toldOfMessage) customer.emit('conversation_updated', { conversation });
}
