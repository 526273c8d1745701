import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { openStore, type TestStore } from './support/stores.js';

/** Each key holds the list of values appended to it, so that every read tells exactly what it saw. */
interface Row {
  _id: number;
  values: string[];
}

/** What one transaction saw of all keys, first and last, and what it appended. */
interface Observation {
  first: Map<number, string[]>;
  last: Map<number, string[]>;
  own: Array<[key: number, value: string]>;
  committed: boolean;
}

const KEYS = 5;
const WRITERS = 8;
const ROUNDS = 25;

let context: TestStore;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

test('random concurrent transactions: no lost update, no dirty or unrepeatable read, one snapshot each', async () => {
  const rows = context.client.db('isolation').collection<Row>('rows');
  await rows.createIndex({ values: 1 });
  await rows.insertMany(Array.from({ length: KEYS }, (_, _id) => ({ _id, values: [] })));
  const observations: Observation[] = [];
  const plain: string[] = [];
  await Promise.all([
    ...Array.from({ length: WRITERS }, (_, writer) => transact(rows, writer, observations)),
    append(rows, plain),
  ]);
  const final = new Map((await rows.find().toArray()).map(({ _id, values }) => [_id, values]));
  const done = observations.filter(({ committed }) => committed);
  const expected = [...done.flatMap(({ own }) => own.map(([, value]) => value)), ...plain].sort();
  expect([...final.values()].flat().sort()).toEqual(expected);
  expect(done.length).toBeGreaterThan(ROUNDS);
  expect(done.length).toBeLessThan(observations.length);
  for (const observation of observations) checkReads(observation, final);
  checkOneOrder(observations);
}, 60_000);

async function transact(
  rows: mongoose.mongo.Collection<Row>,
  writer: number,
  observations: Observation[],
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const session = context.client.startSession();
    session.startTransaction();
    const read = async (): Promise<Map<number, string[]>> =>
      new Map((await rows.find({}, { session }).toArray()).map(({ _id, values }) => [_id, values]));
    const observation: Observation = { first: await read(), last: new Map(), own: [], committed: false };
    observations.push(observation);
    try {
      for (let step = 0; step <= (writer + round) % 3; step += 1) {
        const key = (writer * 7 + round * 3 + step * 2) % KEYS;
        const value = `${writer}.${round}.${step}`;
        await rows.updateOne({ _id: key }, { $push: { values: value } }, { session });
        observation.own.push([key, value]);
      }
      observation.last = await read();
      if ((writer + round) % 5 === 0) {
        await session.abortTransaction();
      } else {
        await session.commitTransaction();
        observation.committed = true;
      }
    } catch (error) {
      if ((error as { code?: number }).code !== 112) throw error;
    } finally {
      await session.endSession();
    }
  }
}

async function append(rows: mongoose.mongo.Collection<Row>, written: string[]): Promise<void> {
  for (let n = 0; n < ROUNDS; n += 1) {
    await rows.updateOne({ _id: n % KEYS }, { $push: { values: `plain.${n}` } });
    written.push(`plain.${n}`);
  }
}

/** Every read is a beginning of the final list, and the second one differs by the transaction's own values only. */
function checkReads({ first, last, own }: Observation, final: Map<number, string[]>): void {
  for (const [key, values] of first) expect(final.get(key)?.slice(0, values.length)).toEqual(values);
  for (const [key, values] of last) {
    const mine = own.filter(([at]) => at === key).map(([, value]) => value);
    expect(values).toEqual([...(first.get(key) ?? []), ...mine]);
  }
}

/** Snapshots follow one order: of any two, one shows at least as much of every key as the other. */
function checkOneOrder(observations: readonly Observation[]): void {
  const sizes = observations.map(({ first }) => Array.from({ length: KEYS }, (_, key) => first.get(key)?.length ?? 0));
  const total = (size: number[]): number => size.reduce((sum, part) => sum + part, 0);
  sizes.sort((a, b) => total(a) - total(b));
  sizes.reduce((before, after) => {
    expect(after.every((size, key) => size >= (before[key] ?? 0))).toBe(true);
    return after;
  });
}
