import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { findFaults, settle } from './support/checker.js';
import { startRig, type Rig } from './support/rig.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

/** Written by each contact: several transactions, so that the worker is caught between them. */
const BURST = 60;
/** What waits longer than 5 s may have killed its worker before. Milliseconds. */
const OLD = 5_500;
/** Long enough to catch a send under way, and less than the 10 s after which the worker gives a call up. Milliseconds. */
const SEND_TAKES = 8_000;

let rig: Rig | null = null;
afterEach(() => rig?.stop());

describe('a worker that is suspended beyond its lease while it applies and sends', () => {
  it('loses its lanes to another and, resumed, doubles nothing', async () => {
    rig = await startRig({ people: 6, visitors: 0, roles: ['api', 'worker', 'worker'] });
    const { stack, load, database, sandbox } = rig;
    // Nothing is written in the thread that is answered: a look-up sees what its newest 20 messages say, as on the real platform.
    const [answered, ...written] = load.threads;
    if (answered === undefined) throw new Error('there are no threads');
    expect(await settle(rig)).toEqual([]);
    await sandbox.delaySends(SEND_TAKES);

    // What has waited is tried with care, as the owner of its lane.
    await stack.kill('worker-2', 'SIGSTOP');
    await stack.kill('worker', 'SIGSTOP');
    for (const thread of written) for (let n = 0; n < BURST; n += 1) load.write(thread);
    load.answer(answered);
    await load.accepted();
    const writtenAt = Date.now();
    await until('what was written is old', () => Promise.resolve(Date.now() - writtenAt > OLD), 2 * OLD);
    await stack.kill('worker', 'SIGCONT');
    const isBusy = async (): Promise<boolean> => {
      const { events, sends } = await database.underWay();
      return events > 0 && sends > 0 && (await database.lanes()).some(({ _id }) => _id.startsWith('in:'));
    };
    await until('the worker applies events while a send is under way', isBusy, SEND_TAKES, 2);
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
