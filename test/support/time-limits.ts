import { expect, jest } from '@jest/globals';

/** How long one test may take, by folder. Milliseconds. Jest takes no time-out per project. */
const LIMITS: Record<string, number> = {
  unit: 20_000,
  embedded: 60_000,
  integration: 60_000,
  chaos: 900_000,
  browser: 180_000,
};

const folder = /\/test\/([^/]+)\//.exec(expect.getState().testPath ?? '')?.[1] ?? '';
const limit = LIMITS[folder];
if (limit !== undefined) jest.setTimeout(limit);
