import { reconcileLoad, reconcileTallies } from '../../src/commands/upkeep/reconcile.js';
import { defineSweep } from '../define-sweep.js';

/** Counts and loads that are not what they should be; after an upgrade, all of them. */
export default defineSweep({
  name: 'reconcile',
  every: 24 * 3_600_000,
  perform: async (hub, stopping) => {
    await reconcileTallies(hub, stopping);
    await reconcileLoad(hub, stopping);
    return 0;
  },
});
