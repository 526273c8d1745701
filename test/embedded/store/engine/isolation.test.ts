import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { createRandom, type Random } from '../../../chaos/support/random.js';
import { anomalies, type Operation, type Recorded } from './isolation/checker.js';
import { openStore, type TestStore } from './support/stores.js';

// Only a limit for busy machines; a run takes a fraction of it.
jest.setTimeout(120_000);

/** Each document holds the values appended to it, so that every read tells exactly what it saw. */
interface Row {
  _id: number;
  group: number;
  values: string[];
}

type Rows = mongoose.mongo.Collection<Row>;
type Session = mongoose.mongo.ClientSession;

const COLLECTIONS = ['left', 'right'];
const KEYS = 4;
const WRITERS = 8;
const ROUNDS = 30;

let context: TestStore;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

/** Clients of one run, with what they did. */
class Run {
  readonly history: Recorded[] = [];
  private clock = 0;

  constructor(
    private readonly rows: readonly Rows[],
    private readonly seed: number,
  ) {}

  async transact(writer: number): Promise<void> {
    const random = createRandom(this.seed + writer);
    for (let round = 0; round < ROUNDS; round += 1) {
      await context.client.withSession(async (session) => {
        const one = this.record(`${writer}.${round}`);
        session.startTransaction();
        try {
          for (let step = 0; step < 2 + random.below(5); step += 1) await this.step(one, session, random);
          if (random.below(6) === 0) await session.abortTransaction();
          else await session.commitTransaction().then(() => (one.committed = true));
        } catch (error) {
          if ((error as { code?: number }).code !== 112) throw error;
        }
        one.ended = this.clock++;
      });
    }
  }

  /** Single writes outside transactions, which read what they change. */
  async write(writer: number): Promise<void> {
    const random = createRandom(this.seed + writer);
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = this.record(`plain${writer}.${round}`);
      const { rows, _id, key } = this.pick(random);
      const push = { $push: { values: one.name } };
      const before = await rows.findOneAndUpdate({ _id }, push, { returnDocument: 'before' });
      one.operations.push({ kind: 'read', key, values: before?.values ?? [] });
      one.operations.push({ kind: 'append', key, value: one.name });
      one.committed = true;
      one.ended = this.clock++;
    }
  }

  private record(name: string): Recorded {
    const one = { name, operations: [], committed: false, began: this.clock++, ended: Infinity };
    this.history.push(one);
    return one;
  }

  private pick(random: Random): { rows: Rows; _id: number; key: string } {
    const rows = random.pick(this.rows);
    const _id = random.below(KEYS);
    return { rows, _id, key: `${rows.collectionName}${_id}` };
  }

  private async step(one: Recorded, session: Session, random: Random): Promise<void> {
    const { rows, _id, key } = this.pick(random);
    const value = `${one.name}.${one.operations.length}`;
    const note = (operation: Operation): void => void one.operations.push(operation);
    const seen = ({ _id: id, values }: Row): void => note({ kind: 'read', key: `${rows.collectionName}${id}`, values });
    switch (random.below(6)) {
      case 0:
        return (await rows.find({ _id }, { session }).toArray()).forEach(seen);
      case 1:
        return (
          await rows
            .find({ group: _id % 2 }, { session })
            .sort({ group: 1, _id: -1 })
            .toArray()
        ).forEach(seen);
      case 2:
        return (await rows.aggregate<Row>([{ $match: { _id: { $gte: _id } } }], { session }).toArray()).forEach(seen);
      case 3: {
        const change = { $push: { values: value } };
        const before = await rows.findOneAndUpdate({ _id }, change, { session, returnDocument: 'before' });
        note({ kind: 'read', key, values: before?.values ?? [] });
        return note({ kind: 'append', key, value });
      }
      default:
        await rows.updateOne({ _id }, { $push: { values: value } }, { session });
        return note({ kind: 'append', key, value });
    }
  }
}

test('random concurrent transactions over two collections show no anomaly of snapshot isolation', async () => {
  const seed = Date.now() % 1_000_000;
  const rows = COLLECTIONS.map((name) => context.client.db('isolation').collection<Row>(name));
  for (const each of rows) {
    await each.createIndex({ group: 1, _id: -1 });
    await each.createIndex({ values: 1 });
    await each.insertMany(Array.from({ length: KEYS }, (_, _id) => ({ _id, group: _id % 2, values: [] })));
  }
  const run = new Run(rows, seed);
  await Promise.all([
    ...Array.from({ length: WRITERS }, (_, writer) => run.transact(writer)),
    run.write(WRITERS),
    run.write(WRITERS + 1),
  ]);
  const final = new Map<string, string[]>();
  for (const each of rows) {
    for (const { _id, values } of await each.find().toArray()) final.set(`${each.collectionName}${_id}`, values);
  }
  expect({ seed, anomalies: anomalies(run.history, final) }).toEqual({ seed, anomalies: [] });
  const committed = run.history.filter((one) => one.committed).length;
  expect(committed).toBeGreaterThan(WRITERS * 5);
  expect(committed).toBeLessThan(run.history.length);
});
