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
    await owe(10);
    const begun: string[] = [];
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const probe = consumer(async (_hub, row) => {
      begun.push(row._id);
      await slow;
      return null;
    });
    const first = drainConsumer(running.hub, probe);
    await until('eight are begun', () => begun.length === 8);
    const over = new Date(Date.now() - 1);
    await OutboxRowModel.updateMany({}, { $set: { dueAt: over } });
    timers.fire();
    await until('the claim is renewed', async () => (await OutboxRowModel.exists({ dueAt: over })) === null);
    await drainConsumer(running.hub, probe);
    expect(begun).toHaveLength(8);
    expect(await OutboxRowModel.countDocuments({ tries: 0 })).toBe(2);
    finish();
    await first;
    expect(begun.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `${n}:${NAME}`));
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

describe('rows of a slow lane', () => {
  const SLOW = 150;
  const numberOf = (row: { _id: string }): number => Number(row._id.split(':')[0]);

  it('are worked on two at once, hold up no others, however many they are, and come in the end', async () => {
    await owe(SLOW + 20);
    const slow: number[] = [];
    const done: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const probe: OutboxConsumer = {
      ...consumer(async (_hub, row) => {
        const n = numberOf(row);
        if (n < SLOW) {
          slow.push(n);
          await finished;
        }
        done.push(n);
        return null;
      }),
      laneOf: (row) => (numberOf(row) < SLOW ? 'slow' : String(numberOf(row) % 3)),
    };
    const first = drainConsumer(running.hub, probe);
    await until('the others are done', () => done.length === 20);
    expect(slow).toHaveLength(2);

    await OutboxRowModel.create({
      ...{ _id: `1000:${NAME}`, consumer: NAME, event: 'identity.created', conversation: null, data: {} },
      ...{ dueAt: new Date(), createdAt: new Date() },
    });
    await drainConsumer(running.hub, probe);
    await until('what came later is done', () => done.includes(1000));
    expect(slow).toHaveLength(2);
    finish();
    await first;
    expect(done).toHaveLength(SLOW + 21);
    expect(await OutboxRowModel.countDocuments()).toBe(0);
  });

  it('are put aside when there are more of them than a process wants to hold', async () => {
    await owe(500);
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const others: number[] = [];
    const probe: OutboxConsumer = {
      ...consumer(async (_hub, row) => {
        if (numberOf(row) < 490) await finished;
        else others.push(numberOf(row));
        return null;
      }),
      laneOf: (row) => (numberOf(row) < 490 ? 'slow' : 'other'),
    };
    const first = drainConsumer(running.hub, probe);
    await until('the others are done', () => others.length === 10);
    const later = { lease: null, dueAt: { $gt: new Date() }, tries: 0 };
    expect(await OutboxRowModel.countDocuments(later)).toBeGreaterThan(0);
    finish();
    await first;
    await OutboxRowModel.updateMany({}, { $set: { dueAt: new Date() } });
    await drainConsumer(running.hub, probe);
    expect(await OutboxRowModel.countDocuments()).toBe(0);
  });
});
