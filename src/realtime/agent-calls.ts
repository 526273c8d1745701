import { agentNamespace } from '../shared/socket-catalogue/index.js';
import { agentHandlers } from './handlers/index.js';
import { bindCalls } from './socket-call.js';
import type { AgentCaller, AgentHandlers } from './types.js';

const handlers: AgentHandlers = agentHandlers;

/** Every event a member of the team may send. */
export const agentCalls = bindCalls<(typeof agentNamespace)['calls'], AgentCaller>(agentNamespace.calls, handlers);
