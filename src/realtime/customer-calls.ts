import { customerNamespace } from '../shared/socket-catalogue/index.js';
import { customerConversationHandlers } from './handlers/conversation.js';
import { customerMessageHandlers } from './handlers/message.js';
import { customerSessionHandlers } from './handlers/session.js';
import { bindCalls } from './socket-call.js';
import type { CustomerCaller, CustomerHandlers } from './types.js';

const handlers: CustomerHandlers = {
  ...customerSessionHandlers,
  ...customerConversationHandlers,
  ...customerMessageHandlers,
};

/** Every event a visitor may send. */
export const customerCalls = bindCalls<(typeof customerNamespace)['calls'], CustomerCaller>(
  customerNamespace.calls,
  handlers,
);
