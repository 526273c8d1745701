import { z } from 'zod';
import { inConversation, readAnswer, readInput } from '../../schemas/conversation.js';
import { oneMessage, sendMessageCall } from '../../schemas/message.js';
import type { Namespace } from '../rows.js';

export const messageCalls = {
  send_message: {
    says: 'Answers the customer, or adds a note.',
    ability: 'conversation.send',
    rate: 'messages',
    input: sendMessageCall,
    answer: oneMessage,
    reply: 'message_sent',
  },
  typing: {
    says: 'Says that the caller types, or has stopped.',
    ability: 'conversation.send',
    rate: 'typing',
    input: inConversation.extend({ isTyping: z.boolean() }),
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
} as const satisfies Namespace['calls'];
