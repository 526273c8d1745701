import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withLogContext, type Hub } from '../../../src/hub.js';
import { OutboxRowModel } from '../../../src/models/index.js';
import { defineConsumer, type OutboxConsumer, type Owed } from '../../../workers/define-consumer.js';
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
  await OutboxRowModel.insertMany(Array.from({ length: count }, (_, n) => row(n)));
};

const numberOf = ({ _id, key = _id ?? '' }: { _id?: string; key?: string }): number => Number(key.split(':')[0]);

/** Drains what the probe owes. @param laneOf the lane of the n-th row; absent: each its own. */
function drain(
  perform: (owed: Owed) => Promise<null>,
  laneOf?: (n: number) => string,
  hub: Hub = running.hub,
): Promise<void> {
  const probe = defineConsumer({ name: NAME, events: ['identity.created'], perform: (_hub, owed) => perform(owed) });
  const inLanes: OutboxConsumer = laneOf === undefined ? probe : { ...probe, laneOf: (row) => laneOf(numberOf(row)) };
  return drainConsumer(hub, inLanes, (_hub, owed) => perform(owed));
}

describe('a row of the outbox', () => {
  it('that took longer than its lease is done once, and so is what waited behind it', async () => {
    await owe(10);
    const begun: string[] = [];
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const probe = () =>
      drain(async (owed) => {
        begun.push(owed.key);
        await slow;
        return null;
      });
    const first = probe();
    await until('eight are begun', () => begun.length === 8);
    const over = new Date(Date.now() - 1);
    await OutboxRowModel.updateMany({}, { $set: { dueAt: over } });
    timers.fire();
    await until('the claim is renewed', async () => (await OutboxRowModel.exists({ dueAt: over })) === null);
    await probe();
    expect(begun).toHaveLength(8);
    expect(await OutboxRowModel.countDocuments({ tries: 0 })).toBe(2);
    finish();
    await first;
    expect(begun.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `${n}:${NAME}`));
    expect(await OutboxRowModel.countDocuments()).toBe(0);
  });

  it('is left to the drain that runs in the process, whichever job asks for it', async () => {
    await owe(8);
    const begun: string[] = [];
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const ask = (jobId: string) =>
      drain(
        async (owed) => {
          begun.push(owed.key);
          await slow;
          return null;
        },
        undefined,
        withLogContext(running.hub, { jobId }),
      );
    const first = ask('1');
    await until('eight are begun', () => begun.length === 8);
    await OutboxRowModel.create({
      ...{ _id: `8:${NAME}`, consumer: NAME, event: 'identity.created', conversation: null, data: {} },
      ...{ dueAt: new Date(Date.now() - 1), createdAt: new Date() },
    });
    const second = ask('2');
    await Promise.race([second, until('a ninth is begun', () => begun.length > 8)]);
    const begunAtOnce = begun.length;
    finish();
    await Promise.all([first, second]);
    expect(begunAtOnce).toBe(8);
    expect(begun).toHaveLength(9);
  });

  it('is parked unread when the process died each time it was tried', async () => {
    await owe(1, 6);
    let performed = 0;
    await drain(() => {
      performed += 1;
      return Promise.resolve(null);
    });
    expect(performed).toBe(0);
    const [row] = await OutboxRowModel.find().lean();
    expect(row).toMatchObject({ lease: null, error: 'the process died each time it was tried' });
    expect(row?.dueAt).toBeUndefined();
  });
});

describe('rows of a slow lane', () => {
  const SLOW = 150;

  it('are worked on two at once, hold up no others, however many they are, and come in the end', async () => {
    await owe(SLOW + 20);
    const slow: number[] = [];
    const done: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const probe = () =>
      drain(
        async (owed) => {
          const n = numberOf(owed);
          if (n < SLOW) {
            slow.push(n);
            await finished;
          }
          done.push(n);
          return null;
        },
        (n) => (n < SLOW ? 'slow' : String(n % 3)),
      );
    const first = probe();
    await until('the others are done', () => done.length === 20);
    expect(slow).toHaveLength(2);

    await OutboxRowModel.create({
      ...{ _id: `1000:${NAME}`, consumer: NAME, event: 'identity.created', conversation: null, data: {} },
      ...{ dueAt: new Date(), createdAt: new Date() },
    });
    await probe();
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
    const probe = () =>
      drain(
        async (owed) => {
          if (numberOf(owed) < 490) await finished;
          else others.push(numberOf(owed));
          return null;
        },
        (n) => (n < 490 ? 'slow' : 'other'),
      );
    const first = probe();
    await until('the others are done', () => others.length === 10);
    const later = { lease: null, dueAt: { $gt: new Date() }, tries: 0 };
    expect(await OutboxRowModel.countDocuments(later)).toBeGreaterThan(0);
    finish();
    await first;
    await OutboxRowModel.updateMany({}, { $set: { dueAt: new Date() } });
    await probe();
    expect(await OutboxRowModel.countDocuments()).toBe(0);
  });
});
