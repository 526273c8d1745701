import { describe, expect, it } from '@jest/globals';
import { runCampaign, witnessed, type Report } from './support/campaign.js';
import { CRASHES, KINDS } from './support/killer.js';

/** Another seed finds other moments: `CHAOS_SEED=7 npm run test:chaos`. `npm run chaos` runs the full size. */
const SEED = Number(process.env['CHAOS_SEED'] ?? 1);
const KILLS_PER_KIND = 3;

const said: string[] = [];

/** What happened, for whoever reads a failure. */
function withStory(report: Report): string[] {
  return report.faults.length === 0 ? [] : [`seed ${SEED}`, ...report.faults, ...said];
}

describe('with every process killed again and again', () => {
  it('no message is lost, doubled or out of order, and nothing stays owed', async () => {
    const report = await runCampaign({
      seed: SEED,
      ...{ people: 8, visitors: 4, written: 80, answered: 40 },
      killsPerKind: KILLS_PER_KIND,
      log: (line) => said.push(`${new Date().toISOString()} ${line}`),
    });
    expect(withStory(report)).toEqual([]);
    expect(report.written).toBeGreaterThanOrEqual(80);
    expect(report.answered).toBeGreaterThanOrEqual(40);

    const killed = (what: string) => witnessed(report.kills, what);
    for (const { process, point } of CRASHES) expect(killed(`${process} ${point}`).kills).toBe(1);
    expect(killed('api afterWebhookInsert').events).toBe(1);
    for (const point of ['beforeSend', 'afterSend']) expect(killed(`worker ${point}`).sends).toBe(1);
    for (const kind of KINDS) {
      expect({ kind, ...killed(kind) }).toMatchObject({ kind, kills: KILLS_PER_KIND });
      expect(Math.min(killed(kind).events, killed(kind).sends)).toBeGreaterThan(0);
    }
  });
});
