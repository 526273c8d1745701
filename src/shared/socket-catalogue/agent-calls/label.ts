import { inConversation, oneConversation } from '../../schemas/conversation.js';
import { labelsInput } from '../../schemas/label.js';
import type { Namespace } from '../rows.js';

export const labelCalls = {
  change_labels: {
    says: 'Puts labels on a conversation and takes others off.',
    ability: 'conversation.label',
    rate: 'other',
    input: inConversation.extend(labelsInput.shape),
    answer: oneConversation,
    reply: 'ticket_updated',
  },
} as const satisfies Namespace['calls'];
