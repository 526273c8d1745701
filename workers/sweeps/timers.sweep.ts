import { HINTED_WITHIN } from '../../src/commands/timers.js';
import { TimerModel } from '../../src/models/index.js';
import { defineSweep, MOST_SWEPT, OVERDUE } from '../define-sweep.js';

/** Timers that come near, each hinted at once; and those that are overdue, whatever was hinted (PROTOCOLS 13). */
export default defineSweep({
  name: 'timers',
  every: 5_000,
  perform: async (hub) => {
    const now = hub.now();
    const near = await TimerModel.find({ dueAt: { $lte: new Date(now + HINTED_WITHIN) } }, 'dueAt hintedFor')
      .sort({ dueAt: 1 })
      .limit(MOST_SWEPT)
      .lean();
    const owed = near.flatMap(({ _id, dueAt, hintedFor }) => {
      const at = dueAt?.getTime() ?? 0;
      const isOverdue = at <= now - OVERDUE;
      return isOverdue || hintedFor?.getTime() !== at ? [{ _id, at, isOverdue }] : [];
    });
    if (owed.length === 0) return 0;
    await TimerModel.bulkWrite(
      owed.map(({ _id, at }) => ({
        updateOne: { filter: { _id, dueAt: new Date(at) }, update: { $set: { hintedFor: new Date(at) } } },
      })),
      { ordered: false },
    );
    for (const { _id, at } of owed) hub.hints.timer(_id, Math.max(at - now, 0));
    return owed.filter(({ isOverdue }) => isOverdue).length;
  },
});
