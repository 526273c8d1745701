import { assignConversation } from '../../commands/conversations/assign-conversation.js';
import { changeStatus } from '../../commands/conversations/change-status.js';
import { readConversation } from '../../commands/conversations/load-conversation.js';
import { presentConversation } from '../../presenters/conversation.js';
import { syncCustomer, syncList, syncThread } from '../../reads/catch-up.js';
import { ROOM } from '../rooms.js';
import type { AgentHandlers, CustomerHandlers } from '../types.js';

export const conversationHandlers = {
  update_ticket_status: async ({ hub, actor }, input) => {
    const conversation = await changeStatus(hub, actor, input);
    return { conversation: await presentConversation(hub, conversation) };
  },
  assign: async ({ hub, actor }, input) => {
    const conversation = await assignConversation(hub, actor, input);
    return { conversation: await presentConversation(hub, conversation) };
  },
  get_ticket_details: ({ hub, actor }, { conversationId }) => syncThread(hub, actor, conversationId, 0),
  open_conversation: async ({ actor, socket }, { conversationId }) => {
    await readConversation(actor, conversationId);
    await socket.join(ROOM.conversation(conversationId));
    return null;
  },
  leave_conversation: async ({ socket }, { conversationId }) => {
    await socket.leave(ROOM.conversation(conversationId));
    return null;
  },
  sync_thread: ({ hub, actor }, input) => syncThread(hub, actor, input.conversationId, input.rev),
  sync_list: ({ hub, actor }, input) => syncList(hub, actor, input.view, input.rows),
} satisfies Partial<AgentHandlers>;

export const customerConversationHandlers = {
  sync: ({ hub, actor }, input) => syncCustomer(hub, actor, input.conversationId, input.rev),
} satisfies Partial<CustomerHandlers>;
