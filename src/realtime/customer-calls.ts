import { customerNamespace } from '../shared/socket-catalogue/index.js';
import { customerHandlers } from './handlers/index.js';
import { bindCalls } from './socket-call.js';
import type { CustomerCaller, CustomerHandlers } from './types.js';

const handlers: CustomerHandlers = customerHandlers;

/** Every event a visitor may send. */
export const customerCalls = bindCalls<(typeof customerNamespace)['calls'], CustomerCaller>(
  customerNamespace.calls,
  handlers,
);
