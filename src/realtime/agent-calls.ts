import { agentNamespace } from '../shared/socket-catalogue/index.js';
import { conversationHandlers } from './handlers/conversation.js';
import { messageHandlers } from './handlers/message.js';
import { presenceHandlers } from './handlers/presence.js';
import { sessionHandlers } from './handlers/session.js';
import { bindCalls } from './socket-call.js';
import type { AgentCaller, AgentHandlers } from './types.js';

const handlers: AgentHandlers = {
  ...sessionHandlers,
  ...presenceHandlers,
  ...conversationHandlers,
  ...messageHandlers,
};

/** Every event a member of the team may send. */
export const agentCalls = bindCalls<(typeof agentNamespace)['calls'], AgentCaller>(agentNamespace.calls, handlers);
