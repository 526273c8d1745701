import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { codeOf, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

const { Long } = mongoose.mongo;

let target: Target;
let rows: Rows;
let session: mongoose.mongo.ClientSession;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());
beforeEach(async () => {
  rows = await plainRows(target, [{ n: 1 }, { n: 1 }]);
  session = target.session();
});

/** Sends a write under transaction number `number`, as a driver does that repeats it. */
const send = (command: Row, number = 1): Promise<Row> =>
  target.db.command({ ...command, txnNumber: Long.fromNumber(number) }, { session });

const inc = { $inc: { n: 1 } };
const all = (): Promise<Row[]> => rows.find({}, { sort: { _id: 1 } }).toArray();

/** What a driver makes of an answer. */
const outcome = ({ n, nModified, upserted, value, lastErrorObject, writeErrors }: Row): Row => ({
  ...{ n, nModified, upserted, value, lastErrorObject },
  failed: (writeErrors as Row[] | undefined)?.map(({ index, code }) => [index, code]),
});

/** [what is repeated, the command on a collection, what it leaves after any number of runs]. */
type RepeatRow = [says: string, command: (name: string) => Row, after: Row[]];

const repeats: RepeatRow[] = [
  [
    'insert',
    (insert) => ({ insert, documents: [{ _id: 3 }, { _id: 4 }] }),
    [{ _id: 1, n: 1 }, { _id: 2, n: 1 }, { _id: 3 }, { _id: 4 }],
  ],
  [
    'update',
    (update) => ({ update, updates: [{ q: { _id: 1 }, u: inc }] }),
    [
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ],
  ],
  [
    'several updates of one document',
    (update) => ({ update, updates: [1, 2, 3].map(() => ({ q: { _id: 1 }, u: inc })) }),
    [
      { _id: 1, n: 4 },
      { _id: 2, n: 1 },
    ],
  ],
  [
    'an update by pipeline',
    (update) => ({ update, updates: [{ q: { _id: 1 }, u: [{ $set: { n: { $add: ['$n', 5] } } }] }] }),
    [
      { _id: 1, n: 6 },
      { _id: 2, n: 1 },
    ],
  ],
  [
    'an upsert',
    (update) => ({ update, updates: [{ q: { _id: 9 }, u: inc, upsert: true }] }),
    [
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
      { _id: 9, n: 1 },
    ],
  ],
  [
    'a delete of one of several matches',
    (name) => ({ delete: name, deletes: [{ q: { n: 1 }, limit: 1 }] }),
    [{ _id: 2, n: 1 }],
  ],
  [
    'findAndModify with the document before',
    (findAndModify) => ({ findAndModify, query: { _id: 1 }, update: inc }),
    [
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ],
  ],
  [
    'findAndModify with the document after',
    (findAndModify) => ({ findAndModify, query: { _id: 1 }, update: inc, new: true }),
    [
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ],
  ],
  [
    'findAndModify with upsert',
    (findAndModify) => ({ findAndModify, query: { _id: 7 }, update: inc, upsert: true, new: true }),
    [
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
      { _id: 7, n: 1 },
    ],
  ],
  [
    'findAndModify with remove and sort',
    (findAndModify) => ({ findAndModify, query: { n: 1 }, sort: { _id: -1 }, remove: true }),
    [{ _id: 1, n: 1 }],
  ],
  [
    'an unordered insert with a duplicate in it',
    (insert) => ({ insert, documents: [{ _id: 1 }, { _id: 5 }], ordered: false }),
    [{ _id: 1, n: 1 }, { _id: 2, n: 1 }, { _id: 5 }],
  ],
];

describe('a write that is sent again (driver specification "retryable-writes")', () => {
  test.each(repeats)('%s is done once, and answered the same', async (_says, command, after) => {
    const first = await send(command(rows.collectionName));
    expect(await all()).toEqual(after);
    for (let again = 0; again < 2; again++) {
      expect(outcome(await send(command(rows.collectionName)))).toEqual(outcome(first));
    }
    expect(await all()).toEqual(after);
  });

  test('under the next number it is another write', async () => {
    const update = { update: rows.collectionName, updates: [{ q: { _id: 1 }, u: inc }] };
    await send(update, 1);
    await send(update, 2);
    expect((await all())[0]).toEqual({ _id: 1, n: 3 });
  });

  test('a batch that was cut off is finished', async () => {
    const insert = rows.collectionName;
    await send({ insert, documents: [{ _id: 3 }, { _id: 4 }] });
    const whole = await send({ insert, documents: [{ _id: 3 }, { _id: 4 }, { _id: 5 }] });
    expect(whole['n']).toBe(3);
    expect((await all()).map(({ _id }) => _id)).toEqual([1, 2, 3, 4, 5]);
  });

  test('statement ids tell which part of a batch it is', async () => {
    const update = rows.collectionName;
    const [one, two] = [1, 2].map((_id) => ({ q: { _id }, u: inc }));
    await send({ update, updates: [one, two], stmtIds: [0, 1] });
    await send({ update, updates: [two], stmtIds: [1] });
    await send({ update, updates: [one], stmtIds: [5] });
    expect(await all()).toEqual([
      { _id: 1, n: 3 },
      { _id: 2, n: 2 },
    ]);
  });

  test('ten of them at once are one', async () => {
    const update = { update: rows.collectionName, updates: [{ q: { _id: 1 }, u: inc }] };
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(update)));
    expect(replies.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, () => 1));
    expect((await all())[0]).toEqual({ _id: 1, n: 2 });
  });

  test('sessions do not share numbers', async () => {
    const update = { update: rows.collectionName, updates: [{ q: { _id: 1 }, u: inc }] };
    await send(update);
    session = target.session();
    await send(update);
    expect((await all())[0]).toEqual({ _id: 1, n: 3 });
  });
});

describe('what cannot be a retryable write (core/retryable-writes)', () => {
  test('an older number is 225', async () => {
    const insert = rows.collectionName;
    await send({ insert, documents: [{ _id: 3 }] }, 5);
    expect(await codeOf(send({ insert, documents: [{ _id: 4 }] }, 4))).toBe(225);
  });

  test.each<[string, (name: string) => Row]>([
    ['an update of many', (update) => ({ update, updates: [{ q: {}, u: inc, multi: true }] })],
    ['a delete of many', (name) => ({ delete: name, deletes: [{ q: {}, limit: 0 }] })],
  ])('%s is a write error 72 of that statement', async (_says, command) => {
    expect(outcome(await send(command(rows.collectionName)))).toMatchObject({ n: 0, failed: [[0, 72]] });
    expect(await rows.countDocuments({ n: 1 })).toBe(2);
  });

  test.each<[string, (name: string) => Row]>([
    ['find', (find) => ({ find })],
    ['aggregate', (aggregate) => ({ aggregate, pipeline: [], cursor: {} })],
    ['count', (count) => ({ count })],
    ['create', (create) => ({ create: `${create}_new` })],
  ])('%s with a number is 50768', async (_says, command) => {
    expect(await codeOf(send(command(rows.collectionName)))).toBe(50768);
  });
});
