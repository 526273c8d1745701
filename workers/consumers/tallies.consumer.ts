import { tally } from '../../src/commands/conversations/tally.js';
import { defineConsumer } from '../define-consumer.js';

/** Keeps the counts that badges show. */
export default defineConsumer({
  name: 'tallies',
  events: [
    'conversation.created',
    'conversation.statusChanged',
    'conversation.assigned',
    'conversation.transferred',
  ] as const,
  fold: (act, owed) =>
    tally(
      act,
      owed.flatMap(({ conversation }) => (conversation === null ? [] : [conversation])),
    ),
});
