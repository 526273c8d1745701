import { z } from 'zod';
import type { Hub } from '../commands/hub.js';
import { assignConversation } from '../commands/conversations/assign-conversation.js';
import { changeStatus } from '../commands/conversations/change-status.js';
import { readConversation } from '../commands/conversations/load-conversation.js';
import { markRead } from '../commands/messages/mark-read.js';
import { sendMessage } from '../commands/messages/send-message.js';
import { signalTyping } from '../commands/messages/signal-typing.js';
import { setAvailability } from '../commands/people/set-availability.js';
import type { StaffActor } from '../policies/index.js';
import { presentConversation } from '../presenters/conversation.js';
import { presentForStaff } from '../presenters/load-message-context.js';
import { presentUser } from '../presenters/user.js';
import { syncList, syncThread } from '../reads/catch-up.js';
import { CONVERSATION_STATUSES } from '../shared/conversation-status.js';
import { placeViewOf } from '../shared/conversation-rights.js';
import { LIMITS } from '../shared/limits.js';
import { sendMessageInput } from '../shared/schemas/message.js';
import { ROOM } from './rooms.js';
import { defineCall, type SocketCall } from './socket-call.js';
import type { AgentSocket } from './types.js';

/** A member of the team on an authenticated socket. */
export interface AgentCaller {
  hub: Hub;
  actor: StaffActor;
  socket: AgentSocket;
}

const id = z.string().regex(/^[0-9a-f]{24}$/i, 'is not an id');
const rev = z.number().int().min(0);

const view = z
  .strictObject({
    kind: z.enum(['mine', 'unassigned', 'inbox', 'team']),
    inboxId: id.optional(),
    teamId: id.optional(),
    done: z.boolean().optional(),
  })
  .refine((value) => placeViewOf(value) !== null, { message: 'name an inboxId or a teamId', path: ['inboxId'] });

/** Every event a member of the team may send, besides `authenticate`. */
export const agentCalls: Record<string, SocketCall<AgentCaller>> = {
  send_message: defineCall({
    ability: 'conversation.send',
    rate: 'messages',
    input: sendMessageInput.extend({ conversationId: id }),
    reply: 'message_sent',
    handle: async ({ hub, actor }: AgentCaller, input) => {
      const { message } = await sendMessage(hub, actor, input);
      return { message: await presentForStaff(message, hub.env, hub.now()) };
    },
  }),
  update_ticket_status: defineCall({
    ability: 'conversation.changeStatus',
    input: z.strictObject({ conversationId: id, status: z.enum(CONVERSATION_STATUSES) }),
    reply: 'ticket_updated',
    handle: async ({ hub, actor }: AgentCaller, input) => {
      const conversation = await changeStatus(hub, actor, input);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  assign: defineCall({
    ability: 'conversation.assign',
    input: z.strictObject({ conversationId: id, assigneeId: id.nullable() }),
    reply: 'ticket_updated',
    handle: async ({ hub, actor }: AgentCaller, input) => {
      const conversation = await assignConversation(hub, actor, input);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  update_status: defineCall({
    ability: 'profile.view',
    input: z.strictObject({ status: z.enum(['available', 'busy', 'away', 'offline']) }),
    reply: 'status_updated',
    handle: async ({ hub, actor }: AgentCaller, { status }) => ({
      user: presentUser(await setAvailability(hub, actor, actor.userId, status)),
    }),
  }),
  get_ticket_details: defineCall({
    ability: 'conversation.view',
    rate: 'sync',
    input: z.strictObject({ conversationId: id }),
    reply: 'ticket_details',
    handle: ({ hub, actor }: AgentCaller, { conversationId }) => syncThread(hub, actor, conversationId, 0),
  }),
  typing: defineCall({
    ability: 'conversation.send',
    rate: 'typing',
    input: z.strictObject({ conversationId: id, isTyping: z.boolean() }),
    handle: async ({ hub, actor }: AgentCaller, { conversationId, isTyping }) => {
      const conversation = await readConversation(actor, conversationId, 'conversation.send');
      const user = { id: actor.userId, name: actor.name };
      hub.emitAfterCommit({ type: 'agent_typing', conversation, user, isTyping });
      void signalTyping(hub, conversation, isTyping);
      return null;
    },
  }),
  open_conversation: defineCall({
    ability: 'conversation.view',
    input: z.strictObject({ conversationId: id }),
    handle: async ({ actor, socket }: AgentCaller, { conversationId }) => {
      await readConversation(actor, conversationId);
      await socket.join(ROOM.conversation(conversationId));
      return null;
    },
  }),
  leave_conversation: defineCall({
    ability: 'conversation.view',
    input: z.strictObject({ conversationId: id }),
    handle: async ({ socket }: AgentCaller, { conversationId }) => {
      await socket.leave(ROOM.conversation(conversationId));
      return null;
    },
  }),
  mark_read: defineCall({
    ability: 'conversation.read',
    input: z.strictObject({ conversationId: id, rev }),
    handle: async ({ hub, actor }: AgentCaller, input) => ({ readCount: await markRead(hub, actor, input) }),
  }),
  sync_thread: defineCall({
    ability: 'conversation.view',
    rate: 'sync',
    input: z.strictObject({ conversationId: id, rev }),
    handle: ({ hub, actor }: AgentCaller, input) => syncThread(hub, actor, input.conversationId, input.rev),
  }),
  sync_list: defineCall({
    ability: 'conversation.view',
    rate: 'sync',
    input: z.strictObject({
      view,
      rows: z.array(z.strictObject({ id, version: rev })).max(LIMITS.listRows),
    }),
    handle: ({ hub, actor }: AgentCaller, input) => syncList(hub, actor, input.view, input.rows),
  }),
};
