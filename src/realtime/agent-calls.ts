import { z } from 'zod';
import type { Hub } from '../commands/hub.js';
import { markRead } from '../commands/mark-read.js';
import { setAvailability } from '../commands/set-availability.js';
import { signalTyping } from '../commands/signal-typing.js';
import { assignAs, changeStatusAs, loadAuthorized, sendAs, sendMessageInput } from '../commands/staff-acts.js';
import type { StaffActor } from '../policies/index.js';
import { presentConversation } from '../presenters/conversation.js';
import { presentForStaff } from '../presenters/load-message-context.js';
import { presentUser } from '../presenters/user.js';
import { syncList, syncThread } from '../reads/catch-up.js';
import { CONVERSATION_STATUSES } from '../shared/conversation-status.js';
import { LIMITS } from '../shared/limits.js';
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
  .strictObject({ kind: z.enum(['mine', 'unassigned', 'inbox']), inboxId: id.optional(), done: z.boolean().optional() })
  .refine((value) => value.kind === 'mine' || value.inboxId !== undefined, {
    message: 'name an inboxId',
    path: ['inboxId'],
  });

/** Every event a member of the team may send, besides `authenticate`. */
export const agentCalls: Record<string, SocketCall<AgentCaller>> = {
  send_message: defineCall({
    ability: 'conversation.send',
    act: 'messages',
    input: sendMessageInput.extend({ conversationId: id }),
    reply: 'message_sent',
    handle: async ({ hub, actor }: AgentCaller, { conversationId, ...input }) => ({
      message: await presentForStaff(await sendAs(hub, actor, conversationId, input), hub.env, hub.now()),
    }),
  }),
  update_ticket_status: defineCall({
    ability: 'conversation.changeStatus',
    input: z.strictObject({ conversationId: id, status: z.enum(CONVERSATION_STATUSES) }),
    reply: 'ticket_updated',
    handle: async ({ hub, actor }: AgentCaller, { conversationId, status }) => {
      const conversation = await changeStatusAs(hub, actor, conversationId, status);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  assign: defineCall({
    ability: 'conversation.assign',
    input: z.strictObject({ conversationId: id, assigneeId: id.nullable() }),
    reply: 'ticket_updated',
    handle: async ({ hub, actor }: AgentCaller, { conversationId, assigneeId }) => {
      const conversation = await assignAs(hub, actor, conversationId, assigneeId);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  update_status: defineCall({
    ability: 'profile.view',
    input: z.strictObject({ status: z.enum(['available', 'busy', 'away', 'offline']) }),
    reply: 'status_updated',
    handle: async ({ hub, actor }: AgentCaller, { status }) => ({
      user: presentUser(await setAvailability(hub, actor.userId, status)),
    }),
  }),
  get_ticket_details: defineCall({
    ability: 'conversation.view',
    act: 'sync',
    input: z.strictObject({ conversationId: id }),
    reply: 'ticket_details',
    handle: ({ hub, actor }: AgentCaller, { conversationId }) => syncThread(hub, actor, conversationId, 0),
  }),
  typing: defineCall({
    ability: 'conversation.send',
    act: 'typing',
    input: z.strictObject({ conversationId: id, isTyping: z.boolean() }),
    handle: async ({ hub, actor }: AgentCaller, { conversationId, isTyping }) => {
      const conversation = await loadAuthorized(actor, conversationId, 'conversation.send');
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
      await loadAuthorized(actor, conversationId, 'conversation.view');
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
    handle: async ({ hub, actor }: AgentCaller, input) => {
      const conversation = await loadAuthorized(actor, input.conversationId, 'conversation.read');
      return { readCount: await markRead(hub, { conversation, userId: actor.userId, rev: input.rev }) };
    },
  }),
  sync_thread: defineCall({
    ability: 'conversation.view',
    act: 'sync',
    input: z.strictObject({ conversationId: id, rev }),
    handle: ({ hub, actor }: AgentCaller, input) => syncThread(hub, actor, input.conversationId, input.rev),
  }),
  sync_list: defineCall({
    ability: 'conversation.view',
    act: 'sync',
    input: z.strictObject({
      view,
      rows: z.array(z.strictObject({ id, version: rev })).max(LIMITS.listRows),
    }),
    handle: ({ hub, actor }: AgentCaller, input) => syncList(hub, actor, input.view, input.rows),
  }),
};
