import { labelConversation } from '../../commands/labels/label-conversation.js';
import { presentConversation } from '../../presenters/conversation.js';
import type { AgentHandlers } from '../types.js';

export const labelHandlers = {
  change_labels: async ({ hub, actor }, input) => {
    const conversation = await labelConversation(hub, actor, input);
    return { conversation: await presentConversation(hub, conversation) };
  },
} satisfies Partial<AgentHandlers>;
