import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Arguments } from '../../../../embedded/store/commands/arguments.js';
import { querySpec } from '../../../../embedded/store/commands/find.js';
import { compileSortKey, Sorter } from '../../../../embedded/store/query/index.js';
import { Doc, type Value } from '../../../../embedded/store/values/index.js';
import { failure, openStore, removeDirectories, type TestStore } from './support/stores.js';

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

describe('the size of a sort', () => {
  const fill = (options: { wanted: number; allowDiskUse: boolean }, rows: number): void => {
    const sorter = new Sorter<number>(compileSortKey(new Doc(['n'], [1])), options);
    for (let at = 0; at < rows; at += 1) sorter.add([at], at, () => ({ value: at, bytes: 1024 * 1024 }));
  };

  test('beyond 100 MB it is refused with 292, with allowDiskUse beyond 512 MB', () => {
    const refusal = expect.objectContaining({ code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' });
    expect(() => fill({ wanted: Infinity, allowDiskUse: false }, 99)).not.toThrow();
    expect(() => fill({ wanted: Infinity, allowDiskUse: false }, 101)).toThrow(refusal);
    expect(() => fill({ wanted: 20, allowDiskUse: false }, 1000)).not.toThrow();
    expect(() => fill({ wanted: Infinity, allowDiskUse: true }, 500)).not.toThrow();
    expect(() => fill({ wanted: Infinity, allowDiskUse: true }, 520)).toThrow(refusal);
  });

  test('find hands on allowDiskUse', () => {
    expect(querySpec(new Arguments('find', new Doc(['find', 'allowDiskUse'], ['x', true]))).allowDiskUse).toBe(true);
  });
});

describe('sorts without an index', () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openStore({ transactionLifetimeSeconds: 60 });
    // 13 MB: more than a sort keeps of documents.
    const documents = Array.from({ length: 200 }, (_, at) => ({
      _id: at as never,
      n: (at * 37) % 200,
      text: `${String(at % 10)}${'x'.repeat(65_000)}`,
    }));
    await opened.client.db('sorts').collection('large').insertMany(documents);
  });
  afterAll(async () => {
    await opened.close();
    removeDirectories();
  });

  const rows = () => opened.client.db('sorts').collection('large');
  /** Makes keys of 500 kB. */
  const inflated = [
    { $project: { text: { $concat: Array.from({ length: 8 }, () => '$text') } } },
    { $sort: { text: 1 } },
  ];

  test('documents of a large one are read when they are handed out, as they are then', async () => {
    const cursor = rows().find({ n: { $lt: 300 } }, { sort: { n: 1 }, batchSize: 10, projection: { n: 1 } });
    expect(await cursor.next()).toMatchObject({ n: 0 });
    // The document that was found last.
    await rows().updateOne({ _id: 199 as never }, { $set: { n: 500 } });
    const rest = await cursor.toArray();
    await rows().updateOne({ _id: 199 as never }, { $set: { n: 163 } });
    expect(rest.map(({ n }) => Number(n))).toEqual(
      Array.from({ length: 199 }, (_, at) => at + 1).filter((n) => n !== 163),
    );
  });

  test('in a pipeline they are refused with 292, unless allowDiskUse lets them hold more', async () => {
    expect(await failure(rows().aggregate(inflated).toArray())).toMatchObject({
      code: 292,
      codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed',
    });
    const counted = rows().aggregate([...inflated, { $count: 'n' }], { allowDiskUse: true });
    expect(await counted.toArray()).toEqual([{ n: 200 }]);
  });

  test('a limit, and a write of one document, keep what is wanted only', async () => {
    const first = rows().find({}, { sort: { text: -1 }, limit: 3, projection: { _id: 1 } });
    expect(await first.toArray()).toEqual([{ _id: 9 }, { _id: 19 }, { _id: 29 }]);
    const piped = rows().aggregate([...inflated, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }]);
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
      await rows().updateOne({ n: 199 }, { $set: { own: 1 } }, { session });
      const all = await rows()
        .find({}, { sort: { n: 1 }, projection: { own: 1 }, session })
        .toArray();
      return all.filter((row) => row['own'] === 1).length;
    });
    await session.endSession();
    expect(own).toBe(1);
  });
});
