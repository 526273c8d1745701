import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { compileSortKey, Sorter } from '../../../../embedded/store/query/index.js';
import { Doc, type Value } from '../../../../embedded/store/values/index.js';
import { failure, openStore, removeDirectories, type TestStore } from './support/stores.js';

// Only a limit for busy machines; a run takes a fraction of it.
jest.setTimeout(60_000);

describe('the sorter', () => {
  const ascending = compileSortKey(new Doc(['n'], [1]));
  const load = (value: number) => () => ({ value, bytes: 0 });

  test('gives the first rows of a whole sort, equal ones in the order of their ties', () => {
    const input = fc.tuple(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), fc.boolean());
    fc.assert(
      fc.property(input, ([numbers, limit, limited]) => {
        const wanted = limited ? limit : Infinity;
        const sorter = new Sorter<number>(ascending, { wanted, allowDiskUse: false });
        numbers.forEach((number, at) => sorter.add([number], at, load(at)));
        const expected = numbers
          .map((number, at) => ({ number, at }))
          .sort((a, b) => a.number - b.number || a.at - b.at);
        expect([...sorter.sorted()].filter((at) => at !== undefined)).toEqual(
          expected.slice(0, wanted).map(({ at }) => at),
        );
      }),
    );
  });

  test.each([Infinity, 15_000])('never works for long without a tick, with %p rows wanted', (wanted) => {
    let compared = 0;
    let most = 0;
    const key = {
      ...ascending,
      compare: (a: readonly Value[], b: readonly Value[]) => {
        compared += 1;
        return Number(a[0]) - Number(b[0]);
      },
    };
    const tick = (): void => {
      most = Math.max(most, compared);
      compared = 0;
    };
    const sorter = new Sorter<number>(key, { wanted, allowDiskUse: false });
    for (let at = 0; at < 30_000; at += 1) {
      sorter.add([(at * 7919) % 30_011], at, load(at));
      tick();
    }
    let rows = 0;
    for (const row of sorter.sorted()) {
      if (row === undefined) tick();
      else rows += 1;
    }
    tick();
    expect(rows).toBe(Math.min(wanted, 30_000));
    expect(most).toBeLessThan(15_000);
  });

  test('of a limited sort only the kept rows are loaded', () => {
    const loaded: number[] = [];
    const sorter = new Sorter<number>(ascending, { wanted: 2, allowDiskUse: false });
    [5, 4, 9, 8, 1].forEach((number, at) => {
      sorter.add([number], at, () => {
        loaded.push(number);
        return { value: number, bytes: 0 };
      });
    });
    expect([...sorter.sorted()]).toEqual([1, 4]);
    expect(loaded).toEqual([5, 4, 1]);
  });
});

describe('sorts without an index', () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openStore();
    const rows = opened.client.db('sorts').collection('large');
    // 105 keys of 1 MB each: more than one sort may hold.
    for (let at = 0; at < 105; at += 1) {
      await rows.insertOne({
        _id: at as never,
        n: (at * 37) % 105,
        text: `${String(at % 10)}${'x'.repeat(1_000_000)}`,
      });
    }
  });
  afterAll(async () => {
    await opened.close();
    removeDirectories();
  });

  const rows = () => opened.client.db('sorts').collection('large');
  const projected = [{ $project: { text: 1 } }, { $sort: { text: 1 } }];

  test('documents of a large one are read when they are handed out, as they are then', async () => {
    const cursor = rows().find({ n: { $lt: 200 } }, { sort: { n: 1 }, batchSize: 10, projection: { n: 1 } });
    expect(await cursor.next()).toMatchObject({ n: 0 });
    await rows().updateOne({ n: 103 }, { $set: { n: 500 } });
    await rows().updateOne({ n: 104 }, { $set: { seen: true } });
    const rest = await cursor.toArray();
    await rows().updateOne({ n: 500 }, { $set: { n: 103 } });
    expect(rest.map(({ n }) => Number(n))).toEqual([...Array.from({ length: 102 }, (_, at) => at + 1), 104]);
  });

  test('beyond 100 MB they are refused with 292, in find and in pipelines', async () => {
    const code = { code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' };
    expect(
      await failure(
        rows()
          .find({}, { sort: { text: 1 } })
          .toArray(),
      ),
    ).toMatchObject(code);
    expect(
      await failure(
        rows()
          .aggregate([{ $sort: { text: 1 } }])
          .toArray(),
      ),
    ).toMatchObject(code);
    expect(await failure(rows().aggregate(projected).toArray())).toMatchObject(code);
  });

  test('allowDiskUse lets them hold more', async () => {
    const options = { allowDiskUse: true };
    const found = rows().find({}, { sort: { text: 1 }, projection: { _id: 1 }, ...options });
    expect(await found.toArray()).toHaveLength(105);
    expect(
      await rows()
        .aggregate([...projected, { $count: 'n' }], options)
        .toArray(),
    ).toEqual([{ n: 105 }]);
  });

  test('a limit, and a write of one document, keep what is wanted only', async () => {
    const first = rows().find({}, { sort: { text: -1 }, limit: 3, projection: { _id: 1 } });
    expect(await first.toArray()).toEqual([{ _id: 9 }, { _id: 19 }, { _id: 29 }]);
    const piped = rows().aggregate([...projected, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }]);
    expect(await piped.toArray()).toEqual([{ _id: 10 }, { _id: 20 }]);
    const changed = await rows().findOneAndUpdate(
      {},
      { $set: { x: 1 } },
      { sort: { text: -1 }, projection: { _id: 1 } },
    );
    expect(changed).toEqual({ _id: 9 });
  });

  test('inside a transaction its own documents come from the transaction', async () => {
    const session = opened.client.startSession();
    const own = await session.withTransaction(async () => {
      await rows().updateOne({ n: 104 }, { $set: { own: 1 } }, { session });
      const all = await rows()
        .find({}, { sort: { n: 1 }, projection: { own: 1 }, session })
        .toArray();
      return all.filter((row) => row['own'] === 1).length;
    });
    await session.endSession();
    expect(own).toBe(1);
  });
});
