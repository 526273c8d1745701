import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codeOf, exact, failureOf, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

let target: Target;
let rows: Rows;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());
beforeEach(async () => {
  rows = await plainRows(target, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

const all = (): Promise<Row[]> => rows.find({}, { sort: { _id: 1 } }).toArray();

/** A write command as it goes over the wire; the driver throws at write errors, so its bulk error tells them. */
async function write(command: Row): Promise<{ n: unknown; failed: [index: unknown, code: unknown][] }> {
  const reply = await target.db.command(command).catch((error: { result?: Row } & Row) => {
    if (error['writeErrors'] === undefined && error.result === undefined) throw error as unknown as Error;
    return error.result ?? error;
  });
  const errors = ([reply['writeErrors'] ?? []].flat() as Row[]).map(({ index, code }): [unknown, unknown] => [
    index,
    code,
  ]);
  return { n: reply['n'], failed: errors };
}

const set = (n: number): Row => ({ $set: { n } });

/** [what the source says, updates, ordered, failures, _ids of changed documents (n: 9)]. */
type BulkRow = [says: string, updates: Row[], ordered: boolean, failed: [number, number][], changed: number[]];

const good = (_id: number): Row => ({ q: { _id }, u: set(9) });

const malformed: [says: string, update: Row, code: number][] = [
  ['an unknown update operator', { q: { _id: 2 }, u: { $bogus: { n: 1 } } }, 9],
  ['an unknown filter operator', { q: { n: { $bogus: 1 } }, u: set(1) }, 2],
  ['an unknown top-level filter operator', { q: { $bogus: 1 }, u: set(1) }, 2],
  ['$inc with text', { q: { _id: 2 }, u: { $inc: { n: 'x' } } }, 14],
  ['two operators on one field', { q: { _id: 2 }, u: { $set: { n: 1 }, $inc: { n: 1 } } }, 40],
  ['an array filter that nothing uses', { q: { _id: 2 }, u: set(1), arrayFilters: [{ 'x.a': 1 }] }, 9],
  ['a placeholder without array filter', { q: { _id: 2 }, u: { $set: { 'n.$[x]': 1 } } }, 2],
  ['a replacement of many', { q: {}, u: { n: 1 }, multi: true }, 9],
  ['a stage that an update cannot have', { q: { _id: 2 }, u: [{ $match: {} }] }, 72],
  ['a change of _id', { q: { _id: 2 }, u: { $set: { _id: 7 } } }, 66],
  ['a hint that names no index', { q: { _id: 2 }, u: set(1), hint: 'nothing' }, 2],
  ['an expression that is none', { q: { $expr: { $bogus: 1 } }, u: set(1) }, 168],
];

describe('a malformed update is an error of its own (command/update#write-errors)', () => {
  test.each(malformed)('%s, unordered: the others are done', async (_says, update, code) => {
    const command = { update: rows.collectionName, updates: [good(1), update, good(3)], ordered: false };
    expect((await write(command)).failed).toEqual([[1, code]]);
    expect((await all()).map(({ n }) => n)).toEqual([9, 2, 9]);
  });

  test.each(malformed)('%s, ordered: what follows is not', async (_says, update, code) => {
    const command = { update: rows.collectionName, updates: [good(1), update, good(3)] };
    expect((await write(command)).failed).toEqual([[1, code]]);
    expect((await all()).map(({ n }) => n)).toEqual([9, 2, 3]);
  });
});

const several: BulkRow[] = [
  [
    'two failures, unordered',
    [bad(), good(1), bad()],
    false,
    [
      [0, 9],
      [2, 9],
    ],
    [1],
  ],
  ['two failures, ordered', [good(1), bad(), bad()], true, [[1, 9]], [1]],
  [
    'failures of meaning and of keys, unordered',
    [bad(), duplicate(), good(2)],
    false,
    [
      [0, 9],
      [1, 11000],
    ],
    [2],
  ],
  ['the first of both, ordered', [duplicate(), bad(), good(2)], true, [[0, 11000]], []],
  [
    'all of them',
    [bad(), bad()],
    false,
    [
      [0, 9],
      [1, 9],
    ],
    [],
  ],
];

function bad(): Row {
  return { q: {}, u: { $bogus: { n: 1 } } };
}

/** An upsert of a key that another document has. */
function duplicate(): Row {
  return { q: { _id: 77 }, u: { $set: { unique: 1 } }, upsert: true };
}

describe('several failures (method/db.collection.bulkWrite#error-handling)', () => {
  test.each(several)('%s', async (_says, updates, ordered, failed, changed) => {
    await rows.createIndex({ unique: 1 }, { unique: true, sparse: true });
    await rows.updateOne({ _id: 3 }, { $set: { unique: 1 } });
    expect((await write({ update: rows.collectionName, updates, ordered })).failed).toEqual(failed);
    expect((await all()).filter(({ n }) => n === 9).map(({ _id }) => _id)).toEqual(changed);
  });

  test('on a collection that does not exist they are told as well', async () => {
    const command = { update: 'nowhere', updates: [bad(), good(1)], ordered: false };
    expect((await write(command)).failed).toEqual([[0, 9]]);
  });
});

/** [what the source says, page, command on a collection, code]. */
const refused: [says: string, source: string, command: (name: string) => Row, code: number][] = [
  ['no updates', 'command/update', (update) => ({ update, updates: [] }), 16],
  ['updates that are no list', 'command/update', (update) => ({ update, updates: 1 }), 14],
  ['an update without filter', 'command/update', (update) => ({ update, updates: [{ u: {} }] }), 40414],
  ['an update without change', 'command/update', (update) => ({ update, updates: [{ q: {}, u: 1 }] }), 9],
  [
    'an unknown field of an update',
    'command/update',
    (update) => ({ update, updates: [{ q: {}, u: {}, x: 1 }] }),
    40415,
  ],
  [
    'an unknown field of the command',
    'command/update',
    (update) => ({ update, updates: [{ q: {}, u: {} }], x: 1 }),
    40415,
  ],
  ['no deletes', 'command/delete', (name) => ({ delete: name, deletes: [] }), 16],
  ['a delete without limit', 'command/delete', (name) => ({ delete: name, deletes: [{ q: {} }] }), 40414],
  ['a delete limited to 2', 'command/delete', (name) => ({ delete: name, deletes: [{ q: {}, limit: 2 }] }), 9],
  ['a delete without filter', 'command/delete', (name) => ({ delete: name, deletes: [{ limit: 1 }] }), 40414],
  ['no documents', 'command/insert', (insert) => ({ insert, documents: [] }), 16],
  ['documents left out', 'command/insert', (insert) => ({ insert }), 40414],
  ['a document that is none', 'command/insert', (insert) => ({ insert, documents: [1] }), 14],
  ['a name of another type', 'command/insert', () => ({ insert: 1, documents: [{}] }), 73],
  ['an empty name', 'command/insert', () => ({ insert: '', documents: [{}] }), 73],
  ['a name with a dollar', 'reference/limits', () => ({ insert: 'a$b', documents: [{}] }), 73],
  ['findAndModify without change', 'command/findAndModify', (findAndModify) => ({ findAndModify }), 9],
  [
    'findAndModify with both',
    'command/findAndModify',
    (findAndModify) => ({ findAndModify, remove: true, update: { a: 1 } }),
    9,
  ],
  [
    'findAndModify that removes and answers the new one',
    'command/findAndModify',
    (findAndModify) => ({ findAndModify, remove: true, new: true }),
    9,
  ],
  [
    'findAndModify that removes and upserts',
    'command/findAndModify',
    (findAndModify) => ({ findAndModify, remove: true, upsert: true }),
    9,
  ],
];

describe('commands of another form', () => {
  test.each(refused)('%s (%s)', async (_says, _source, command, code) => {
    expect(await codeOf(target.db.command(command(rows.collectionName)))).toBe(code);
    expect(await rows.countDocuments()).toBe(3);
  });
});

describe('100 upserts of one key at once (reference/method/db.collection.update#upsert-with-unique-index)', () => {
  test('make one document; what fails names the key', async () => {
    await rows.createIndex({ key: 1, part: -1 }, { unique: true, sparse: true });
    const filter = { key: 'k', part: { $gte: 5 } };
    const upsert = async (n: number): Promise<Row | undefined> => {
      try {
        await rows.updateOne(filter, { $setOnInsert: { part: 5 }, $addToSet: { seen: n } } as object, { upsert: true });
        return undefined;
      } catch (error) {
        return error as Row;
      }
    };
    const failed = (await Promise.all(Array.from({ length: 100 }, (_, n) => upsert(n)))).filter((error) => error);
    for (const error of failed) {
      expect(error).toMatchObject({ code: 11000, keyPattern: { key: 1, part: -1 }, keyValue: { key: 'k', part: 5 } });
    }
    const [made, ...others] = await rows.find({ key: 'k' }).toArray();
    expect(others).toEqual([]);
    expect((made?.['seen'] as number[]).length + failed.length).toBe(100);
  });

  test('100 inserts of one key: one succeeds and 99 are told which key it was', async () => {
    await rows.createIndex({ key: 1 }, { unique: true, sparse: true });
    const insert = (_: unknown, n: number): Promise<Row | undefined> =>
      rows.insertOne({ _id: 100 + n, key: 'k' }).then(
        () => undefined,
        (error: Row) => error,
      );
    const failed = (await Promise.all(Array.from({ length: 100 }, insert))).filter((error) => error);
    expect(failed).toHaveLength(99);
    for (const error of failed) {
      expect(error).toMatchObject({ code: 11000, keyPattern: { key: 1 }, keyValue: { key: 'k' } });
      expect(String(error?.['message'])).toMatch(
        /^E11000 duplicate key error collection: .* index: key_1 dup key: \{ key: "k" \}/,
      );
    }
  });
});

describe('the sort of a statement', () => {
  test('chooses which document an update or a replacement changes (command/update, since 8.0)', async () => {
    await rows.updateMany({}, { $set: { kind: 'x' } });
    const statement = (u: Row): Row => ({ q: { kind: 'x' }, u, sort: { n: -1 } });
    const updates = [statement({ $set: { kind: 'y' } }), statement({ replaced: true })];
    expect(await write({ update: rows.collectionName, updates })).toEqual({ n: 2, failed: [] });
    expect(await all()).toEqual([
      { _id: 1, n: 1, kind: 'x' },
      { _id: 2, replaced: true },
      { _id: 3, n: 3, kind: 'y' },
    ]);
  });

  test('is refused for many, and in a delete (command/delete has none)', async () => {
    const many = { q: {}, u: set(1), multi: true, sort: { n: 1 } };
    expect(await codeOf(target.db.command({ update: rows.collectionName, updates: [many] }))).toBe(9);
    const deletes = [{ q: {}, limit: 1, sort: { n: -1 } }];
    expect(await codeOf(target.db.command({ delete: rows.collectionName, deletes }))).toBe(40415);
    expect(await all()).toHaveLength(3);
  });
});

/** [keys of the index, document that is there and again, keyValue]. */
const duplicates: [keys: Row, doc: Row, value: Row][] = [
  [{ a: 1 }, { a: null }, { a: null }],
  [{ a: 1 }, {}, { a: null }],
  [{ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
  [{ 'a.b': 1 }, { a: { b: 'x' } }, { 'a.b': 'x' }],
  [{ a: 1, b: 1 }, { a: 1 }, { a: 1, b: null }],
  [{ a: 1 }, { a: [5] }, { a: 5 }],
  [{ a: -1 }, { a: true }, { a: true }],
  [{ a: 1 }, { a: new Date(5) }, { a: new Date(5) }],
];

describe('keyPattern and keyValue of a duplicate (core/index-unique)', () => {
  test.each(duplicates)('%j', async (keys, doc, value) => {
    const own = await plainRows(target, []);
    await own.createIndex(keys as Record<string, 1 | -1>, { unique: true });
    await own.insertOne({ _id: 1, ...doc });
    const error = (await failureOf(own.insertOne({ _id: 2, ...doc }))) as unknown as Row;
    expect(exact([error['keyPattern'], error['keyValue']])).toBe(exact([keys, value]));
  });
});
