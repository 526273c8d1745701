import { dropDeadLanes } from '../../src/storage/lanes.js';
import { defineSweep } from '../define-sweep.js';

/** Lanes whose owner died and left no work behind. */
export default defineSweep({
  name: 'lanes',
  every: 60_000,
  perform: async (hub) => {
    await dropDeadLanes(hub);
    return 0;
  },
});
