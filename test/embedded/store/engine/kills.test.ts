import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { runCampaign } from './crash/campaign.js';
import { removeDirectories, temporaryDirectory } from './support/stores.js';

// Only a limit for busy machines; a run takes a fraction of it.
jest.setTimeout(180_000);

afterAll(removeDirectories);

test('kill -9 under twenty writers, during an index build, a drop and the removal of expired documents', async () => {
  const seed = Date.now() % 1_000_000;
  const dataDir = join(temporaryDirectory(), 'data');
  const report = await runCampaign({ dataDir, seed, rounds: 4, log: () => undefined });
  expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
  expect(report.kills).toEqual({ load: 1, index: 1, drop: 1, ttl: 1 });
  expect(report.acknowledged).toBeGreaterThan(500);
});
