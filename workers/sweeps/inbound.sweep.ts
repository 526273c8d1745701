import { WebhookEventModel } from '../../src/models/index.js';
import { defineSweep, MOST_SWEPT, OVERDUE } from '../define-sweep.js';

/** Stored webhook events that nobody applies. */
export default defineSweep({
  name: 'inbound',
  every: 5_000,
  perform: async (hub) => {
    const overdue = { dueAt: { $lte: new Date(hub.now() - OVERDUE) } };
    const events = await WebhookEventModel.find(overdue, 'lane').sort({ dueAt: 1 }).limit(MOST_SWEPT).lean();
    const lanes = new Set(events.map((event) => event.lane));
    for (const lane of lanes) hub.hints.inbound(lane);
    return lanes.size;
  },
});
