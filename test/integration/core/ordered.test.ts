import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { consumerLane } from '../../../src/events/write-events.js';
import { OutboxRowModel } from '../../../src/models/index.js';
import { defineConsumer, type Owed } from '../../../workers/define-consumer.js';
import { drainOrdered } from '../../../workers/drain-ordered.js';
import { CoreHub } from './core-hub.js';

const NAME = 'probe';
const conversation = new mongoose.Types.ObjectId();

let core: CoreHub;
let failing: Set<number>;
let done: number[];

beforeAll(async () => {
  core = await CoreHub.start();
});
afterAll(() => core.stop());
beforeEach(async () => {
  await OutboxRowModel.deleteMany({});
  failing = new Set();
  done = [];
});

const perform = async ({ rev }: Owed): Promise<null> => {
  if (failing.has(rev ?? 0)) throw new Error('not yet');
  done.push(rev ?? 0);
  return Promise.resolve(null);
};
const consumer = defineConsumer({
  name: NAME,
  events: ['message.created'],
  ordered: 'conversation',
  perform: (_hub, owed) => perform(owed),
});
const drain = () => drainOrdered(core.hub, consumer, String(conversation), (_hub, owed) => perform(owed));

async function owe(...revs: number[]): Promise<void> {
  const now = new Date(core.hub.now());
  const row = (rev: number) => ({
    ...{ _id: `${new mongoose.Types.ObjectId().toString()}:${NAME}`, consumer: NAME, event: 'message.created', rev },
    ...{ conversation, lane: consumerLane(NAME, String(conversation)), data: {}, dueAt: now, createdAt: now },
  });
  await OutboxRowModel.create(revs.map(row));
}

it('events of a conversation are worked by rev, whatever order they were written in', async () => {
  await owe(3, 1, 2);
  await drain();
  expect(done).toEqual([1, 2, 3]);
  expect(await OutboxRowModel.countDocuments()).toBe(0);
});

it('one that fails holds up those behind it until it is done, and they keep their order', async () => {
  await owe(1, 2, 3);
  failing.add(2);
  await drain();
  expect(done).toEqual([1]);
  await drain();
  expect(done).toEqual([1]);
  failing.clear();
  core.later(5_000);
  await drain();
  expect(done).toEqual([1, 2, 3]);
});

it('one that is parked lets those behind it go on', async () => {
  await owe(1, 2);
  failing.add(1);
  for (let times = 0; times < 6; times += 1) {
    await drain();
    core.later(10 * 60_000);
  }
  await drain();
  expect(done).toEqual([2]);
  expect(await OutboxRowModel.find().lean()).toMatchObject([{ rev: 1, error: 'not yet', tries: 6 }]);
});

it('two workers at once do each of them once', async () => {
  await owe(1, 2, 3, 4, 5);
  await Promise.all([drain(), drain(), drain()]);
  await drain();
  expect(done).toEqual([1, 2, 3, 4, 5]);
});
