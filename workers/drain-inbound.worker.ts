import { drainInboundLane } from '../src/commands/inbound/drain-inbound-lane.js';
import { defineWorker } from './define-worker.js';

/** Applies what a lane of stored webhook events owes. */
export default defineWorker({
  name: 'inbound',
  concurrency: 10,
  perform: (hub, { lane }) => drainInboundLane(hub, lane),
});
