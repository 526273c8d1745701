import { z } from 'zod';
import { AVAILABILITIES } from '../words.js';
import { agentCalls } from './agent-calls/index.js';
import { authSuccess } from '../schemas/auth.js';
import { count } from '../schemas/basics.js';
import { oneConversation } from '../schemas/conversation.js';
import { apiError } from '../schemas/error.js';
import { messageDto, oneMessage } from '../schemas/message.js';
import { threadSync } from '../schemas/sync.js';
import { oneUser } from '../schemas/user.js';
import type { Namespace } from './rows.js';

const told = oneConversation.extend({ message: messageDto });
const typing = z.strictObject({ conversationId: z.string(), isTyping: z.boolean() });

/** What the team's sockets say and hear (SPEC 13). */
export const agentNamespace = {
  path: '/agent',
  says: 'The team. The access token travels as `auth.token` of the connection, or in `authenticate`.',
  entry: 'authenticate',
  calls: agentCalls,
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
    list_changed: {
      says: 'One of the company’s lists has changed, by its name in the API: read it anew.',
      audience: 'team',
      payload: z.strictObject({ name: z.string() }),
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
