import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type mongoose from 'mongoose';
import { openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number };

let context: TestStore;
let counter = 0;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<unknown>('', 'a', 'ab', 'b', null, true, false, 1.5, new Date(0), new Date(5)),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });
const plain = fc.record({ a: scalar, b: scalar, c: fc.record({ d: scalar }) }, { requiredKeys: [] });
const oneArray = fc.tuple(plain, value).map(([doc, a]) => ({ ...doc, a }));
const subdocuments = fc
  .tuple(plain, fc.array(fc.record({ d: scalar, e: scalar }, { requiredKeys: [] }), { maxLength: 2 }))
  .map(([doc, c]) => ({ ...doc, c }));
const documents = fc.array(fc.oneof(plain, oneArray, subdocuments), { minLength: 1, maxLength: 25 });

const condition = fc.oneof(
  scalar,
  scalar.map((point) => ({ $eq: point })),
  fc.array(scalar, { maxLength: 3 }).map((points) => ({ $in: points })),
  fc
    .tuple(fc.constantFrom('$gt', '$gte'), scalar, fc.constantFrom('$lt', '$lte'), scalar)
    .map(([low, min, high, max]) => ({ [low]: min, [high]: max })),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), scalar)
    .map(([operator, edge]) => ({ [operator]: edge })),
  fc.constantFrom<unknown>({ $exists: true }, { $exists: false }, { $type: 'string' }, { $size: 2 }, /^a/),
  fc.tuple(scalar, scalar).map(([min, max]) => ({ $elemMatch: { $gte: min, $lte: max } })),
);
const path = fc.constantFrom('a', 'b', 'c.d', 'c.e');
const filter = fc.array(fc.tuple(path, condition), { maxLength: 3 }).map((parts) => Object.fromEntries(parts));
const sort = fc
  .uniqueArray(fc.tuple(path, fc.constantFrom(1, -1)), { selector: ([name]) => name, maxLength: 2 })
  .map((parts) => Object.fromEntries(parts));
const pattern = fc
  .uniqueArray(fc.tuple(path, fc.constantFrom(1, -1)), { selector: ([name]) => name, minLength: 1, maxLength: 3 })
  .map((parts) => Object.fromEntries(parts));
const option = fc.constantFrom(
  {},
  { sparse: true },
  { partialFilterExpression: { b: { $exists: true } } },
  { partialFilterExpression: { b: { $type: 'string' } } },
  { partialFilterExpression: { b: { $gt: 0 } } },
);

/** Two arrays in one compound index are refused; such a case says nothing about plans. */
function isParallel(error: unknown): boolean {
  return (error as { code?: number }).code === 171;
}

describe('any plan gives what a walk over the collection gives', () => {
  test('outside and inside transactions', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.uniqueArray(fc.tuple(pattern, option), {
          minLength: 1,
          maxLength: 3,
          selector: ([key]) => JSON.stringify(key),
        }),
        fc.array(fc.tuple(filter, sort), { minLength: 4, maxLength: 8 }),
        fc.nat(4),
        async (docs, indexes, queries, own) => {
          const rows = context.client.db('properties').collection<Row>(`rows${counter++}`);
          try {
            for (const [at, [key, options]] of indexes.entries())
              await rows.createIndex(key, { ...options, name: `i${at}` });
            await rows.insertMany(docs.slice(own).map((doc, _id) => ({ _id, ...doc })));
          } catch (error) {
            if (isParallel(error) || docs.length <= own) return;
            throw error;
          }
          await compare(rows, queries);
          await context.client.withSession(async (session) => {
            session.startTransaction();
            const mine = docs.slice(0, own).map((doc, at) => ({ _id: 100 + at, ...doc }));
            try {
              if (mine.length > 0) await rows.insertMany(mine, { session });
              await rows.deleteOne({ _id: 0 }, { session });
              await rows.updateMany({ a: 'a' }, { $set: { b: 'a' } }, { session });
            } catch (error) {
              if (isParallel(error)) return;
              throw error;
            }
            await compare(rows, queries, session);
            await session.commitTransaction();
          });
          await compare(rows, queries);
          await rows.drop();
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

async function compare(
  rows: mongoose.mongo.Collection<Row>,
  queries: ReadonlyArray<readonly [object, object]>,
  session?: mongoose.mongo.ClientSession,
): Promise<void> {
  const inSession = session === undefined ? {} : { session };
  for (const [where, order] of queries) {
    const total = { ...order, _id: 1 as const };
    const planned = await rows.find(where, inSession).sort(total).toArray();
    const walked = await rows.find(where, inSession).hint({ $natural: 1 }).sort(total).toArray();
    expect({ where, order, ids: planned.map(({ _id }) => _id) }).toEqual({
      where,
      order,
      ids: walked.map(({ _id }) => _id),
    });
    const page = await rows
      .find(where, inSession)
      .sort(order as Record<string, 1>)
      .skip(1)
      .limit(3)
      .toArray();
    expect(page).toHaveLength(Math.max(0, Math.min(3, walked.length - 1)));
    const unordered = await rows.find(where, inSession).toArray();
    expect(unordered.map(({ _id }) => _id).sort()).toEqual(walked.map(({ _id }) => _id).sort());
    if (session === undefined) expect(await rows.countDocuments(where)).toBe(walked.length);
  }
}
