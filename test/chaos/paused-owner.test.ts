import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { findFaults, settle } from './support/checker.js';
import { startRig, type Rig } from './support/rig.js';
import { until } from './support/wait.js';

jest.setTimeout(300_000);

/** Not in the thread that is answered: a look-up sees a thread's newest 20 messages only, as on the real platform. */
const BURST = 60;

let rig: Rig | null = null;
afterEach(() => rig?.stop());

describe('a worker that is suspended beyond its lease while it applies and sends', () => {
  it('loses its lanes to another and, resumed, doubles nothing', async () => {
    rig = await startRig({ people: 2, visitors: 0, roles: ['api', 'worker', 'worker'] });
    const { stack, load, database, sandbox } = rig;
    const [written, answered] = load.threads;
    if (written === undefined || answered === undefined) throw new Error('there are no threads');
    expect(await settle(rig)).toEqual([]);
    await sandbox.delaySends(2_000);

    await stack.kill('worker-2', 'SIGSTOP');
    load.answer(answered);
    for (let n = 0; n < BURST; n += 1) load.write(written);
    const isBusy = async (): Promise<boolean> => {
      const { events, sends } = await database.underWay();
      return events > 0 && sends > 0 && (await database.lanes()).some(({ _id }) => _id.startsWith('in:'));
    };
    await until('the worker applies events while a send is under way', isBusy, 60_000, 2);
    await stack.kill('worker', 'SIGSTOP');
    const before = await database.lanes();
    expect(before.some(({ _id }) => _id.startsWith('out:'))).toBe(true);

    await stack.kill('worker-2', 'SIGCONT');
    await load.accepted();
    expect(await settle(rig)).toEqual([]);
    expect(await findFaults(rig)).toEqual([]);

    await stack.kill('worker', 'SIGCONT');
    const owners = new Set(before.map(({ owner }) => owner));
    const areGivenBack = async (): Promise<boolean> =>
      (await database.lanes()).every(({ owner }) => !owners.has(owner));
    await until('the resumed worker holds no lane', areGivenBack, 60_000);
    for (const each of load.threads) load.write(each);
    await load.accepted();
    expect(await settle(rig)).toEqual([]);
    expect(await findFaults(rig)).toEqual([]);
  });
});
