import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { messageOf, RawClient } from './support/raw-client.js';
import { failure, MongoBulkWriteError, ObjectId, openStore, type TestStore } from './support/stores.js';

type Row = mongoose.mongo.Document & { _id: number | string };

let context: TestStore;

beforeAll(async () => {
  context = await openStore();
});

afterAll(() => context.close());

function fresh(name: string) {
  return context.client.db('crud').collection<Row>(name);
}

describe('reading and writing through the driver', () => {
  test('an inserted document comes back with its types and field order', async () => {
    const things = fresh('types');
    const doc = {
      _id: 1,
      z: 'text',
      a: new Date(5),
      list: [1, 2.5, null],
      id: new ObjectId(),
      sub: { b: 1, a: true },
      bytes: new mongoose.mongo.Binary(Buffer.from([1, 2])),
      long: mongoose.mongo.Long.fromString('9007199254740993'),
    };
    await things.insertOne(doc);
    const found = await things.findOne({ _id: 1 }, { promoteLongs: false, promoteValues: true });
    expect(Object.keys(found ?? {})).toEqual(Object.keys(doc));
    expect(found).toEqual(doc);
  });

  test('documents come in the order of insertion, whatever their ids', async () => {
    const things = fresh('order');
    await things.insertMany([{ _id: 3 }, { _id: 1 }, { _id: 2 }]);
    expect((await things.find().toArray()).map(({ _id }) => _id)).toEqual([3, 1, 2]);
    expect((await things.find().sort({ $natural: -1 }).toArray()).map(({ _id }) => _id)).toEqual([2, 1, 3]);
  });

  test('cursors hand out every document once, in batches', async () => {
    const things = fresh('batches');
    await things.insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n, n })));
    const cursor = things.find({ n: { $gte: 100 } }, { batchSize: 37, sort: { n: -1 } });
    const seen = (await cursor.toArray()).map(({ _id }) => _id);
    expect(seen).toEqual(Array.from({ length: 900 }, (_, n) => 999 - n));
    expect(await things.find({}, { skip: 990, limit: 5 }).toArray()).toHaveLength(5);
  });

  test('a closed cursor is gone', async () => {
    const things = fresh('batches');
    const db = context.client.db('crud');
    const { cursor } = await db.command({ find: 'batches', batchSize: 2 });
    await db.command({ killCursors: 'batches', cursors: [cursor.id] });
    expect(await failure(db.command({ getMore: cursor.id, collection: 'batches' }))).toMatchObject({ code: 43 });
    expect(things.collectionName).toBe('batches');
  });

  test('updates: counts, upserts with their ids, and array filters', async () => {
    const things = fresh('updates');
    await things.insertMany([
      { _id: 1, n: 1, parts: [{ n: 1, state: 'queued' }] },
      { _id: 2, n: 1 },
    ]);
    expect(await things.updateMany({ n: 1 }, { $set: { n: 2 } })).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
    expect(await things.updateOne({ _id: 1 }, { $set: { n: 2 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
    const upsert = await things.updateOne({ _id: 'new', kind: 'x' }, { $inc: { n: 5 } }, { upsert: true });
    expect(upsert).toMatchObject({ upsertedId: 'new', upsertedCount: 1 });
    expect(await things.findOne({ _id: 'new' })).toEqual({ _id: 'new', kind: 'x', n: 5 });
    await things.updateOne({ _id: 1 }, { $set: { 'parts.$[p].state': 'sent' } }, { arrayFilters: [{ 'p.n': 1 }] });
    expect(await things.findOne({ _id: 1 })).toMatchObject({ parts: [{ n: 1, state: 'sent' }] });
  });

  test('findOneAndUpdate, -Replace and -Delete answer the state asked for', async () => {
    const things = fresh('modify');
    await things.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    expect(
      await things.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 }, returnDocument: 'after' }),
    ).toEqual({ _id: 2, n: 12 });
    expect(await things.findOneAndReplace({ _id: 1 }, { m: 1 }, { returnDocument: 'before' })).toEqual({
      _id: 1,
      n: 1,
    });
    expect(await things.findOneAndDelete({ _id: 1 }, { projection: { m: 1, _id: 0 } })).toEqual({ m: 1 });
    expect(await things.findOneAndUpdate({ _id: 9 }, { $set: { a: 1 } })).toBeNull();
    expect(
      await things.findOneAndUpdate({ _id: 9 }, { $set: { a: 1 } }, { upsert: true, returnDocument: 'after' }),
    ).toEqual({ _id: 9, a: 1 });
  });

  test('deletes, counts and distinct values', async () => {
    const things = fresh('deletes');
    await things.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, tags: [`t${n % 2}`, 'all'] })));
    expect(await things.distinct('tags')).toEqual(['all', 't0', 't1']);
    expect(await things.countDocuments({ tags: 't1' })).toBe(2);
    expect(await things.deleteOne({ tags: 't1' })).toMatchObject({ deletedCount: 1 });
    expect(await things.deleteMany({ tags: 'all' })).toMatchObject({ deletedCount: 3 });
    expect(await things.estimatedDocumentCount()).toBe(0);
  });

  test('unordered bulk writes go on after errors and report each', async () => {
    const things = fresh('bulk');
    await things.insertOne({ _id: 2 });
    const docs = [{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 3 }];
    const error = await failure(things.insertMany(docs, { ordered: false }));
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    const { writeErrors, insertedCount } = error as InstanceType<typeof MongoBulkWriteError>;
    expect([writeErrors].flat().map(({ index, code }) => [index, code])).toEqual([
      [1, 11000],
      [3, 11000],
    ]);
    expect(insertedCount).toBe(2);
    await failure(things.insertMany([{ _id: 4 }, { _id: 4 }, { _id: 5 }]));
    expect(await things.countDocuments({ _id: { $in: [4, 5] } })).toBe(1);
  });

  test('a bulk write mixes kinds of statements', async () => {
    const things = fresh('mixed');
    const result = await things.bulkWrite([
      { insertOne: { document: { _id: 1, n: 0 } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 2 }, update: { $set: { n: 7 } }, upsert: true } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 2, upsertedCount: 1, deletedCount: 1 });
    expect(await things.find().toArray()).toEqual([{ _id: 1, n: 2 }]);
  });
});

describe('duplicate keys', () => {
  test('the error names the index, its pattern and the value', async () => {
    const people = fresh('people');
    await people.createIndex({ inbox: 1, externalId: 1 }, { unique: true });
    await people.insertOne({ _id: 1, inbox: 'i', externalId: 'e' });
    const error = await failure(people.insertOne({ _id: 2, inbox: 'i', externalId: 'e' }));
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { inbox: 1, externalId: 1 },
      keyValue: { inbox: 'i', externalId: 'e' },
    });
    expect(error.message).toContain(
      'E11000 duplicate key error collection: crud.people index: inbox_1_externalId_1 dup key: { inbox: "i", externalId: "e" }',
    );
    expect(
      await failure(people.findOneAndUpdate({ _id: 3 }, { $set: { inbox: 'i', externalId: 'e' } }, { upsert: true })),
    ).toMatchObject({
      code: 11000,
      keyValue: { inbox: 'i', externalId: 'e' },
    });
  });

  test('a hundred upserts of one key at once make one document', async () => {
    const people = fresh('upserts');
    await people.createIndex({ key: 1 }, { unique: true });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => people.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true })),
    );
    expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).toHaveLength(1);
    expect(await people.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', n: 100 }]);
  });
});

describe('Mongoose', () => {
  test('models, validation, timestamps and indexes work unchanged', async () => {
    const connection = await mongoose.createConnection(context.store.uri.replace('/?', '/models?')).asPromise();
    try {
      const schema = new mongoose.Schema(
        { email: { type: String, unique: true }, visits: Number },
        { timestamps: true },
      );
      schema.index({ visits: -1, _id: 1 });
      const User = connection.model('User', schema);
      await User.init();
      const user = await User.create({ email: 'a@example.org', visits: 1 });
      user.visits = 2;
      await user.save();
      expect(await User.findById(user._id).lean()).toMatchObject({ email: 'a@example.org', visits: 2, __v: 0 });
      expect(await failure(User.create({ email: 'a@example.org' }))).toMatchObject({
        code: 11000,
        keyPattern: { email: 1 },
      });
      const names = (await User.collection.indexes()).map(({ name }) => name);
      expect(names).toEqual(['_id_', 'email_1', 'visits_-1__id_1']);
      expect((await User.syncIndexes()).length).toBe(0);
    } finally {
      await connection.close();
    }
  });
});

describe('what is not supported is refused by name', () => {
  test.each([
    [{ find: 'x', collation: { locale: 'en' } }, 238, 'collation'],
    [{ find: 'x', unheardOf: 1 }, 40415, 'unheardOf'],
    [{ noSuchCommand: 1 }, 59, 'noSuchCommand'],
    [{ createIndexes: 'x', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 67, 'text'],
    [{ create: 'x', capped: true, size: 100 }, 238, 'capped'],
    [{ find: 'x', readConcern: { level: 'snapshot' } }, 72, 'snapshot'],
    [{ insert: 'x', documents: [{}], writeConcern: { w: 3 } }, 100, 'w=3'],
    [{ find: 'x', filter: 5 }, 14, 'filter'],
    [{ aggregate: 'x', pipeline: [{ $changeStream: {} }], cursor: {} }, 238, '$changeStream'],
  ])('%j', async (command, code, name) => {
    const error = await failure(context.client.db('crud').command(command));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(name);
  });
});

test('strings that are no UTF-8 are stored and found by their bytes, whatever is done to the document', async () => {
  const raw = await RawClient.open(context.store.uri);
  /** Sends a command with two bytes in place of `??`; they are no UTF-8. */
  const send = async (command: mongoose.mongo.Document, bytes = [0xff, 0xc3]): Promise<mongoose.mongo.Document> => {
    const message = messageOf({ ...command, $db: 'crud' });
    for (let at = message.indexOf('??'); at >= 0; at = message.indexOf('??')) message.set(bytes, at);
    return (await raw.send(message)) ?? {};
  };
  const documents = [{ a: 'x??', _id: 1 }, { a: '??' }];
  expect(await send({ insert: 'malformed', documents })).toMatchObject({ ok: 1, n: 2 });
  const updates = [{ q: { _id: 1 }, u: { $set: { 'b.??': '??', n: 1 } } }];
  expect(await send({ update: 'malformed', updates })).toMatchObject({ nModified: 1 });
  await fresh('malformed').createIndex({ a: 1 }, { unique: true });
  for (const query of [{ a: 'x??', n: 1 }, { 'b.??': '??' }, { a: '??' }]) {
    expect(await send({ count: 'malformed', query })).toMatchObject({ n: 1 });
    expect(await send({ count: 'malformed', query }, [0xfe, 0xc3])).toMatchObject({ n: 0 });
    expect(
      await fresh('malformed').countDocuments(JSON.parse(JSON.stringify(query).replaceAll('??', '\ufffd\ufffd'))),
    ).toBe(0);
  }
  expect(await send({ insert: 'malformed', documents: [{ a: '??' }] }, [0xfe, 0xc3])).toMatchObject({ n: 1 });
  raw.close();
});
