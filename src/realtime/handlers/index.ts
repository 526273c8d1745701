// Written by `npm run indexes` from the files beside it.
import { conversationHandlers, customerConversationHandlers } from './conversation.js';
import { labelHandlers } from './label.js';
import { messageHandlers, customerMessageHandlers } from './message.js';
import { presenceHandlers } from './presence.js';
import { sessionHandlers, customerSessionHandlers } from './session.js';

/** What answers the calls of the team. */
export const agentHandlers = {
  ...conversationHandlers,
  ...labelHandlers,
  ...messageHandlers,
  ...presenceHandlers,
  ...sessionHandlers,
};

/** What answers those of visitors. */
export const customerHandlers = {
  ...customerConversationHandlers,
  ...customerMessageHandlers,
  ...customerSessionHandlers,
};
