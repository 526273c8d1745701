import { z } from 'zod';
import { apiError } from '../schemas/error.js';
import { customerMessageInput } from '../schemas/message.js';
import { customerSync, customerSyncInput } from '../schemas/sync.js';
import {
  aboutConversation,
  aboutMessage,
  connectionEstablished,
  customerConnectInput,
  receiptInput,
} from '../schemas/visitor.js';
import type { Namespace } from './rows.js';

/** What visitors' sockets say and hear (SPEC 13). */
export const customerNamespace = {
  path: '/customer',
  says: 'Visitors of a website. The visitor’s token travels as `auth.token` of the connection, or in `customer_connect`.',
  entry: 'customer_connect',
  calls: {
    customer_connect: {
      says: 'Opens a visitor session on a socket that came without a token; it has 10 seconds for it.',
      ability: null,
      rate: 'other',
      input: customerConnectInput,
      answer: connectionEstablished,
      reply: 'connection_established',
    },
    customer_message: {
      says: 'Writes to the team.',
      ability: 'conversation.send',
      rate: 'messages',
      input: customerMessageInput,
      answer: aboutMessage,
      reply: 'message_sent',
    },
    customer_typing: {
      says: 'Says that the visitor types, or has stopped.',
      ability: 'conversation.send',
      rate: 'typing',
      input: z.strictObject({ isTyping: z.boolean() }),
      answer: z.null(),
      reply: null,
    },
    customer_disconnect: {
      says: 'Ends the connection.',
      ability: 'conversation.view',
      rate: 'other',
      input: z.strictObject({}),
      answer: z.null(),
      reply: null,
    },
    end_session: {
      says: 'Logs the visitor out: every token of theirs ends, and every socket that came with one.',
      ability: 'visit.end',
      rate: 'other',
      input: z.strictObject({}),
      answer: z.null(),
      reply: null,
    },
    sync: {
      says: 'Asks what changed since a revision in the named conversation; null names the visitor’s current one.',
      ability: 'conversation.view',
      rate: 'sync',
      input: customerSyncInput,
      answer: customerSync,
      reply: null,
    },
    receipt: {
      says: 'Tells `orderAt` of the last message of the team that arrived, and of the last one on screen.',
      ability: 'conversation.read',
      rate: 'other',
      input: receiptInput,
      answer: z.null(),
      reply: null,
    },
  },
  events: {
    connection_established: {
      says: 'The session is open: sent once a socket with a token has come in, and in answer to `customer_connect`.',
      audience: 'caller',
      payload: connectionEstablished,
    },
    agent_message: { says: 'The team wrote.', audience: 'visitor', payload: aboutMessage },
    message_created: {
      says: 'The visitor wrote, in this tab, another tab or on another device.',
      audience: 'visitor',
      payload: aboutMessage,
    },
    message_updated: { says: 'A message changed.', audience: 'visitor', payload: aboutMessage },
    message_sent: { says: 'Answers `customer_message`.', audience: 'caller', payload: aboutMessage },
    agent_assigned: { says: 'Somebody took the conversation.', audience: 'visitor', payload: aboutConversation },
    ticket_status_change: {
      says: 'The conversation’s status changed.',
      audience: 'visitor',
      payload: aboutConversation,
    },
    conversation_updated: {
      says: 'The conversation changed in another way.',
      audience: 'visitor',
      payload: aboutConversation,
    },
    agent_typing: {
      says: 'Somebody of the team types, or has stopped.',
      audience: 'visitor',
      payload: z.strictObject({ conversationId: z.string(), isTyping: z.boolean() }),
    },
    error: { says: 'A call without a callback was refused.', audience: 'caller', payload: apiError },
  },
} as const satisfies Namespace;
