import { CHROMIUM, REDIS } from './system-packages.mjs';

/** All that a part may bring; named apart from the parts, so that one which no part brings any more is missed. */
export const PROGRAMS = [REDIS, CHROMIUM];

/**
 * The parts of `npm test` that jest runs, each a project of its own, in order: folders below `test`, the programs that are there
 * before it starts and that nothing else of it may need, whether it starts what was built, and the minutes after which it is
 * stopped. jest.config.js, scripts/test.mjs and test/architecture/parts.test.ts read this.
 */
export const TEST_PARTS = {
  unit: { folders: ['unit', 'architecture'], programs: [], runsTheBuild: false, minutes: 10 },
  store: { folders: ['embedded'], programs: [REDIS], runsTheBuild: false, minutes: 15 },
  integration: { folders: ['integration'], programs: [REDIS], runsTheBuild: true, minutes: 20 },
  chaos: { folders: ['chaos'], programs: [REDIS], runsTheBuild: true, minutes: 40 },
  browser: { folders: ['browser'], programs: [REDIS, CHROMIUM], runsTheBuild: true, minutes: 20 },
};
