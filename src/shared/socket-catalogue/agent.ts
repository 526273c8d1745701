import { z } from 'zod';
import { AVAILABILITIES } from '../words.js';
import { authSuccess, socketAuthInput } from '../schemas/auth.js';
import { count } from '../schemas/basics.js';
import {
  assignInput,
  inConversation,
  oneConversation,
  readAnswer,
  readInput,
  statusInput,
} from '../schemas/conversation.js';
import { apiError } from '../schemas/error.js';
import { messageDto, oneMessage, sendMessageCall } from '../schemas/message.js';
import { listSync, listSyncInput, threadSync, threadSyncInput } from '../schemas/sync.js';
import { availabilityInput, oneUser } from '../schemas/user.js';
import type { Namespace } from './rows.js';

const told = oneConversation.extend({ message: messageDto });
const typing = z.strictObject({ conversationId: z.string(), isTyping: z.boolean() });

/** What the team's sockets say and hear (SPEC 13). */
export const agentNamespace = {
  path: '/agent',
  says: 'The team. The access token travels as `auth.token` of the connection, or in `authenticate`.',
  entry: 'authenticate',
  calls: {
    authenticate: {
      says: 'Logs a socket in that came without a token; it has 10 seconds for it.',
      ability: null,
      rate: 'other',
      input: socketAuthInput,
      answer: authSuccess,
      reply: 'auth_success',
      fault: 'auth_error',
    },
    send_message: {
      says: 'Answers the customer, or adds a note.',
      ability: 'conversation.send',
      rate: 'messages',
      input: sendMessageCall,
      answer: oneMessage,
      reply: 'message_sent',
    },
    update_ticket_status: {
      says: 'Moves a conversation to another status.',
      ability: 'conversation.changeStatus',
      rate: 'other',
      input: inConversation.extend(statusInput.shape),
      answer: oneConversation,
      reply: 'ticket_updated',
    },
    assign: {
      says: 'Gives a conversation to somebody, or with null back to the queue.',
      ability: 'conversation.assign',
      rate: 'other',
      input: inConversation.extend(assignInput.shape),
      answer: oneConversation,
      reply: 'ticket_updated',
    },
    update_status: {
      says: 'Says whether the caller takes conversations.',
      ability: 'profile.view',
      rate: 'other',
      input: availabilityInput,
      answer: oneUser,
      reply: 'status_updated',
    },
    get_ticket_details: {
      says: 'Reads a thread from its beginning; `sync_thread` goes on from its `rev`.',
      ability: 'conversation.view',
      rate: 'sync',
      input: inConversation,
      answer: threadSync,
      reply: 'ticket_details',
    },
    typing: {
      says: 'Says that the caller types, or has stopped.',
      ability: 'conversation.send',
      rate: 'typing',
      input: inConversation.extend({ isTyping: z.boolean() }),
      answer: z.null(),
      reply: null,
    },
    open_conversation: {
      says: 'Says that the caller looks at a conversation.',
      ability: 'conversation.view',
      rate: 'other',
      input: inConversation,
      answer: z.null(),
      reply: null,
    },
    leave_conversation: {
      says: 'Says that the caller looks at it no more.',
      ability: 'conversation.view',
      rate: 'other',
      input: inConversation,
      answer: z.null(),
      reply: null,
    },
    mark_read: {
      says: 'Notes how far the caller has read.',
      ability: 'conversation.read',
      rate: 'other',
      input: inConversation.extend(readInput.shape),
      answer: readAnswer,
      reply: null,
    },
    sync_thread: {
      says: 'Asks what changed in a thread since a revision.',
      ability: 'conversation.view',
      rate: 'sync',
      input: threadSyncInput,
      answer: threadSync,
      reply: null,
    },
    sync_list: {
      says: 'Asks how the first rows of a view differ from those that the client holds.',
      ability: 'conversation.view',
      rate: 'sync',
      input: listSyncInput,
      answer: listSync,
      reply: null,
    },
  },
  events: {
    auth_success: { says: 'Answers `authenticate`.', audience: 'caller', payload: authSuccess },
    auth_error: { says: '`authenticate` was refused, or the log-in has ended.', audience: 'caller', payload: apiError },
    new_ticket: { says: 'A conversation began.', audience: 'viewers', payload: oneConversation },
    customer_message: { says: 'The contact wrote.', audience: 'viewers', payload: told },
    message_created: {
      says: 'Anybody else wrote: a colleague, a bot, the system, or the reader from another window.',
      audience: 'viewers',
      payload: told,
    },
    message_updated: { says: 'A message changed.', audience: 'viewers', payload: told },
    ticket_updated: { says: 'A conversation changed.', audience: 'viewers', payload: oneConversation },
    conversation_removed: {
      says: 'The reader may no longer see a conversation.',
      audience: 'formerViewers',
      payload: z.strictObject({ conversationId: z.string() }),
    },
    customer_typing: { says: 'The contact types, or has stopped.', audience: 'viewers', payload: typing },
    agent_typing: {
      says: 'A colleague types, or has stopped.',
      audience: 'viewers',
      payload: typing.extend({ user: z.strictObject({ id: z.string(), name: z.string() }) }),
    },
    read_state: {
      says: 'The reader has read more, in another window.',
      audience: 'user',
      payload: z.strictObject({ conversationId: z.string(), readCount: count }),
    },
    agent_status_change: {
      says: 'Somebody of the team takes conversations, or has stopped.',
      audience: 'team',
      payload: z.strictObject({ userId: z.string(), availability: z.enum(AVAILABILITIES) }),
    },
    ticket_details: { says: 'Answers `get_ticket_details`.', audience: 'caller', payload: threadSync },
    message_sent: { says: 'Answers `send_message`.', audience: 'caller', payload: oneMessage },
    status_updated: { says: 'Answers `update_status`.', audience: 'caller', payload: oneUser },
    scope_changed: {
      says: 'The reader’s rights have changed: ask for the list again.',
      audience: 'user',
      payload: z.strictObject({ scopeRev: z.number().int() }),
    },
    error: { says: 'A call without a callback was refused.', audience: 'caller', payload: apiError },
  },
} as const satisfies Namespace;
