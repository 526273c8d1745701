import { sweepUploads, SWEPT_AT_ONCE } from '../../src/commands/files/sweep-uploads.js';
import { defineSweep } from '../define-sweep.js';

/** Uploads that no message took. */
export default defineSweep({
  name: 'uploads',
  every: 3_600_000,
  perform: async (hub, stopping) => {
    while ((await sweepUploads(hub, stopping)) === SWEPT_AT_ONCE);
    return 0;
  },
});
