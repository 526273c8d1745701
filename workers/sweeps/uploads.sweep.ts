import { sweepUploads, SWEPT_AT_ONCE } from '../../src/commands/files/sweep-uploads.js';
import { defineSweep } from '../define-sweep.js';

/** Most runs, one after the other; what is left waits for the next hour. */
const MOST_RUNS = 50;

/** Uploads that no message took. */
export default defineSweep({
  name: 'uploads',
  every: 3_600_000,
  perform: async (hub, stopping) => {
    for (let run = 0; run < MOST_RUNS; run += 1) if ((await sweepUploads(hub, stopping)) < SWEPT_AT_ONCE) break;
    return 0;
  },
});
