import { routeForgotten } from '../../src/commands/inbound/unroutable.js';
import { defineSweep } from '../define-sweep.js';

/** Webhook events of accounts that are connected by now. */
export default defineSweep({
  name: 'unroutable',
  every: 30_000,
  perform: async (hub) => {
    await routeForgotten(hub);
    return 0;
  },
});
