import { z } from 'zod';
import { assignInput, inConversation, oneConversation, statusInput } from '../../schemas/conversation.js';
import { listSync, listSyncInput, threadSync, threadSyncInput } from '../../schemas/sync.js';
import type { Namespace } from '../rows.js';

export const conversationCalls = {
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
  get_ticket_details: {
    says: 'Reads a thread from its beginning; `sync_thread` goes on from its `rev`.',
    ability: 'conversation.view',
    rate: 'sync',
    input: inConversation,
    answer: threadSync,
    reply: 'ticket_details',
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
} as const satisfies Namespace['calls'];
