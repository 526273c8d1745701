import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { findFaults, settle } from './support/checker.js';
import { startRig, type Rig } from './support/rig.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

/** The sweep finds forgotten work within 30 s (SPEC 15, R6). Milliseconds. */
const WITH_SWEEP = 30_000;

let rig: Rig | null = null;
afterEach(() => rig?.stop());

describe('the sweep', () => {
  it('is what finds work whose hints were wiped: without it the kill test fails, with it it passes', async () => {
    rig = await startRig({ people: 3, visitors: 0, env: { SWEEP: 'off' } });
    const { stack, load, database } = rig;
    expect(await settle(rig, WITH_SWEEP)).toEqual([]);

    await stack.kill('worker', 'SIGSTOP');
    for (const thread of load.threads) {
      load.write(thread);
      load.answer(thread);
    }
    await load.accepted();
    const stored = async (): Promise<boolean> => (await database.owed()).length >= 2 * load.threads.length;
    await until('all of it is stored and none of it done', stored, 30_000);
    await stack.wipeRedis();
    await stack.kill('worker', 'SIGCONT');

    const owed = await settle(rig, WITH_SWEEP);
    expect(owed.filter((line) => line.startsWith('owed: event'))).toHaveLength(load.threads.length);
    expect(owed.filter((line) => line.startsWith('owed: message'))).toHaveLength(load.threads.length);
    const faults = await findFaults(rig);
    for (const { name } of load.threads) {
      expect(faults).toContain(`store, ${name}, written: lost 2`);
      expect(faults).toContain(`platform, ${name}, answered: lost 1`);
    }

    await stack.restart('worker', { env: { SWEEP: 'on' }, signal: 'SIGTERM' });
    expect(await settle(rig)).toEqual([]);
    expect(await findFaults(rig)).toEqual([]);
  });
});
