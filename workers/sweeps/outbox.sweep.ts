import { OutboxRowModel } from '../../src/models/index.js';
import { defineSweep, MOST_SWEPT, OVERDUE } from '../define-sweep.js';

/** Outbox rows that their consumers do not take. */
export default defineSweep({
  name: 'outbox',
  every: 5_000,
  perform: async (hub) => {
    const overdue = { $lte: new Date(hub.now() - OVERDUE) };
    let found = 0;
    for (const { name, ordered } of hub.consumers) {
      const rows = await OutboxRowModel.find({ consumer: name, dueAt: overdue }, 'conversation')
        .sort({ dueAt: 1 })
        .limit(ordered ? MOST_SWEPT : 1)
        .lean();
      const owing = new Set(rows.map((row) => (ordered && row.conversation ? String(row.conversation) : null)));
      for (const conversation of owing) hub.hints.consumer(name, conversation);
      found += owing.size;
    }
    return found;
  },
});
