import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codeOf, failureOf, openTarget, plainRows, Timestamp, type Row, type Rows, type Target } from './target.js';

let target: Target;
let rows: Rows;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());
beforeEach(async () => {
  rows = await plainRows(target, [{ n: 1 }]);
});

const timeOf = (reply: Row): InstanceType<typeof Timestamp> => reply['operationTime'] as InstanceType<typeof Timestamp>;
const clusterTimeOf = (reply: Row): Row => reply['$clusterTime'] as Row;
const later = (time: InstanceType<typeof Timestamp>, seconds: number): InstanceType<typeof Timestamp> =>
  new Timestamp({ t: time.getHighBitsUnsigned() + seconds, i: 1 });

describe('times in answers (driver specification "sessions", "Gossipping the cluster time")', () => {
  const commands: [name: string, command: () => Row][] = [
    ['ping', () => ({ ping: 1 })],
    ['hello', () => ({ hello: 1 })],
    ['find', () => ({ find: rows.collectionName })],
    ['insert', () => ({ insert: rows.collectionName, documents: [{ _id: 2 }] })],
    ['a write error', () => ({ update: rows.collectionName, updates: [{ q: {}, u: { $inc: { _id: 1 } } }] })],
    ['an error', () => ({ find: rows.collectionName, filter: { $bogus: 1 } })],
  ];

  test.each(commands)('%s tells both', async (_name, command) => {
    const reply = await target.db.command(command()).catch((error: { errorResponse?: Row; result?: Row }) => {
      return (error.errorResponse ?? error.result) as Row;
    });
    expect(timeOf(reply)).toBeInstanceOf(Timestamp);
    const { clusterTime, signature } = clusterTimeOf(reply) as { clusterTime: Row; signature: Row };
    expect(clusterTime).toBeInstanceOf(Timestamp);
    expect(Object.keys(signature)).toEqual(['hash', 'keyId']);
  });

  test('the time moves with every write and never back', async () => {
    const times: InstanceType<typeof Timestamp>[] = [];
    for (let n = 0; n < 5; n++) {
      const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }];
      const written = timeOf(await target.db.command({ update: rows.collectionName, updates }));
      const read = timeOf(await target.db.command({ find: rows.collectionName }));
      expect(read.greaterThanOrEqual(written)).toBe(true);
      if (times.length > 0) expect(written.greaterThan(times.at(-1) as never)).toBe(true);
      times.push(read);
    }
  });

  test('a time that a client brings along is kept', async () => {
    const reply = await target.db.command({ ping: 1 });
    const clusterTime = later(timeOf(reply), 5);
    const session = target.session();
    session.advanceClusterTime({ ...clusterTimeOf(reply), clusterTime } as never);
    const after = await target.db.command({ ping: 1 }, { session });
    expect((clusterTimeOf(after)['clusterTime'] as typeof clusterTime).greaterThanOrEqual(clusterTime)).toBe(true);
    const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }];
    const written = timeOf(await target.db.command({ update: rows.collectionName, updates }));
    expect(written.greaterThan(clusterTime)).toBe(true);
  });
});

describe('reading after a time (core/read-isolation-consistency-recency#causal-consistency)', () => {
  test('a causally consistent session reads its own writes', async () => {
    const client = await target.connect();
    const own = client.db(rows.dbName).collection<Row>(rows.collectionName);
    await client.withSession({ causalConsistency: true }, async (session) => {
      await own.updateOne({}, { $set: { n: 5 } }, { session });
      expect(session.operationTime).toBeInstanceOf(Timestamp);
      expect(await own.findOne({}, { session })).toMatchObject({ n: 5 });
      session.startTransaction();
      expect(await own.countDocuments({ n: 5 }, { session })).toBe(1);
      await own.updateOne({}, { $set: { n: 6 } }, { session });
      await session.commitTransaction();
      expect(await own.distinct('n', {}, { session })).toEqual([6]);
    });
  });

  test.each<[string, (now: InstanceType<typeof Timestamp>) => Row, number | undefined]>([
    ['the newest time', (afterClusterTime) => ({ afterClusterTime }), undefined],
    ['with the level majority', (afterClusterTime) => ({ level: 'majority', afterClusterTime }), undefined],
    ['with the level linearizable', (afterClusterTime) => ({ level: 'linearizable', afterClusterTime }), 72],
    ['a time that nobody has told', (now) => ({ afterClusterTime: later(now, 1000) }), 72],
    ['an empty timestamp', () => ({ afterClusterTime: new Timestamp(0n) }), 72],
    ['what is no timestamp', () => ({ afterClusterTime: 5 }), 14],
  ])('%s', async (_says, concern, code) => {
    const now = timeOf(await target.db.command({ ping: 1 }));
    const find = { find: rows.collectionName, readConcern: concern(now) };
    expect(await codeOf(target.db.command(find))).toBe(code);
    if (code !== undefined) expect((await failureOf(target.db.command(find))).message).toMatch(/afterClusterTime/);
  });
});
