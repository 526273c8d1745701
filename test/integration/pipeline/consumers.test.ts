import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OutboxRowModel } from '../../../src/models/index.js';
import type { OutboxConsumer } from '../../../workers/consumer.js';
import { drainConsumer } from '../../../workers/drain-consumer.js';
import { startHub, type TestHub } from '../../support/start-hub.js';
import { until } from '../../support/until.js';
import { holdTimers, type HeldTimers } from '../live/support/timers.js';

const RENEW_EVERY = 10_000;
const NAME = 'probe';

let running: TestHub;
let timers: HeldTimers;

beforeAll(async () => {
  running = await startHub({ ROLE: 'api' });
});
afterAll(() => running.stop());
beforeEach(async () => {
  await OutboxRowModel.deleteMany({});
  timers = holdTimers(RENEW_EVERY);
});
afterEach(() => timers.restore());

const owe = async (count: number, tries = 0): Promise<void> => {
  const dueAt = new Date(Date.now() - 1_000);
  const row = (n: number) => ({
    ...{ _id: `${n}:${NAME}`, consumer: NAME, event: 'identity.created' },
    ...{ conversation: null, data: {}, dueAt, tries, createdAt: dueAt },
  });
  await OutboxRowModel.create(Array.from({ length: count }, (_, n) => row(n)));
};

const consumer = (perform: OutboxConsumer['perform']): OutboxConsumer => ({
  ...{ name: NAME, events: [], wants: () => true },
  perform,
});

describe('a row of the outbox', () => {
  it('that took longer than its lease is done once, and so is what waited behind it', async () => {
    await owe(6);
    const begun: string[] = [];
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const probe = consumer(async (_hub, row) => {
      begun.push(row._id);
      await slow;
      return null;
    });
    const first = drainConsumer(running.hub, probe);
    await until('four are begun', () => begun.length === 4);
    const over = new Date(Date.now() - 1);
    await OutboxRowModel.updateMany({}, { $set: { dueAt: over } });
    timers.fire();
    await until('the claim is renewed', async () => (await OutboxRowModel.exists({ dueAt: over })) === null);
    await drainConsumer(running.hub, probe);
    expect(begun).toHaveLength(4);
    expect(await OutboxRowModel.countDocuments({ tries: 0 })).toBe(2);
    finish();
    await first;
    expect(begun.toSorted()).toEqual(Array.from({ length: 6 }, (_, n) => `${n}:${NAME}`));
    expect(await OutboxRowModel.countDocuments()).toBe(0);
  });

  it('is parked unread when the process died each time it was tried', async () => {
    await owe(1, 6);
    let performed = 0;
    await drainConsumer(
      running.hub,
      consumer(() => {
        performed += 1;
        return Promise.resolve(null);
      }),
    );
    expect(performed).toBe(0);
    const [row] = await OutboxRowModel.find().lean();
    expect(row).toMatchObject({ lease: null, error: 'the process died each time it was tried' });
    expect(row?.dueAt).toBeUndefined();
  });
});
