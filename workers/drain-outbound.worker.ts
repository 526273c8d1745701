import { drainOutboundLane } from '../src/commands/outbound/drain-outbound-lane.js';
import { defineWorker } from './define-worker.js';

/** Sends what a conversation owes. */
export default defineWorker({
  name: 'outbound',
  concurrency: 10,
  perform: (hub, { conversationId }) => drainOutboundLane(hub, conversationId),
});
