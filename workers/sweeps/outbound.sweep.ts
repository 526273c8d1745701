import { MessageModel } from '../../src/models/index.js';
import { defineSweep, MOST_SWEPT, OVERDUE } from '../define-sweep.js';

/** Messages that owe a send which nobody makes. */
export default defineSweep({
  name: 'outbound',
  every: 5_000,
  perform: async (hub) => {
    const overdue = { nextAttemptAt: { $lte: new Date(hub.now() - OVERDUE) } };
    const owing = MessageModel.find(overdue, 'conversation').sort({ nextAttemptAt: 1 }).limit(MOST_SWEPT);
    const conversations = new Set((await owing.lean()).map((message) => String(message.conversation)));
    for (const conversation of conversations) hub.hints.outbound(conversation);
    return conversations.size;
  },
});
