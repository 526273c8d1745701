import assert from 'node:assert/strict';

const same = (expected) => (told) => assert.deepEqual(told, expected);
const has = (expected) => (told) => containsAll(told, expected);

/** Whether `told` has every field of `expected`, at every depth. */
function containsAll(told, expected) {
  for (const [field, value] of Object.entries(expected)) {
    if (typeof value === 'object' && value !== null) containsAll(told?.[field], value);
    else assert.equal(told?.[field], value, `field ${field}`);
  }
}

/** A transaction on a session of the shell that ends by `end`; answers what is stored afterwards. */
const transaction = (end) => `
  const session = db.getMongo().startSession();
  session.startTransaction();
  const goods = session.getDatabase('shop').getCollection('goods');
  goods.insertOne({ _id: 9, name: 'inside' });
  goods.updateOne({ _id: 1 }, { $inc: { stock: 1 } });
  const outside = db.goods.countDocuments({ _id: 9 });
  session.${end}();
  session.endSession();
  ({ outside, stored: db.goods.countDocuments({ _id: 9 }), stock: db.goods.findOne({ _id: 1 }).stock })`;

/**
 * What somebody types into MongoDB's shell, in this order, and what must come out. Each is a shell of its own; a step
 * that is `refused` ends with an error.
 */
export const STEPS = [
  {
    name: 'connects and logs in',
    code: 'db.runCommand({ connectionStatus: 1 })',
    check: (told) => assert.equal(told.authInfo.authenticatedUsers[0].user, 'switchboard'),
  },
  { name: 'sees a primary', code: 'db.hello()', check: has({ isWritablePrimary: true, setName: 'switchboard' }) },
  { name: 'asks for the version', code: 'db.version()', check: same('7.0.0') },
  {
    name: 'insertMany',
    code: `db.goods.insertMany([
      { _id: 1, name: 'bicycle', price: 300, stock: 2, tags: ['blue'] },
      { _id: 2, name: 'bell', price: 12, stock: 40, tags: [] },
      { _id: 3, name: 'lamp', price: 25, stock: 0, tags: ['led', 'blue'] }])`,
    check: has({ acknowledged: true, insertedIds: { 0: 1, 1: 2, 2: 3 } }),
  },
  {
    name: 'show dbs',
    code: 'show dbs',
    check: (told) =>
      assert.deepEqual(
        told.value.map(({ name }) => name),
        ['shop'],
      ),
  },
  {
    name: 'show collections',
    code: 'show collections',
    check: (told) =>
      assert.deepEqual(
        told.value.map(({ name }) => name),
        ['goods'],
      ),
  },
  {
    name: 'find with filter, projection, sort and limit',
    code: `db.goods.find({ tags: 'blue' }, { name: 1 }).sort({ price: 1 }).limit(5).toArray()`,
    check: same([
      { _id: 3, name: 'lamp' },
      { _id: 1, name: 'bicycle' },
    ]),
  },
  {
    name: 'a cursor that is walked and printed',
    code: 'db.goods.find({ _id: 2 }, { name: 1 }).forEach((doc) => print(EJSON.stringify(doc)))',
    check: same({ _id: 2, name: 'bell' }),
  },
  {
    name: 'updateOne with operators',
    code: `db.goods.updateOne({ _id: 2 }, { $inc: { stock: -1 }, $push: { tags: 'brass' } })`,
    check: has({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 }),
  },
  {
    name: 'findOneAndUpdate by pipeline',
    code: `db.goods.findOneAndUpdate({ _id: 3 }, [{ $set: { price: { $multiply: ['$price', 2] } } }], { returnDocument: 'after' })`,
    check: has({ _id: 3, price: 50 }),
  },
  { name: 'deleteOne', code: 'db.goods.deleteOne({ _id: 77 })', check: has({ acknowledged: true, deletedCount: 0 }) },
  {
    name: 'bulkWrite',
    code: `db.goods.bulkWrite([{ insertOne: { document: { _id: 4, name: 'pump', price: 9, stock: 5 } } },
      { updateOne: { filter: { _id: 5 }, update: { $set: { name: 'lock', price: 30, stock: 1 } }, upsert: true } },
      { deleteOne: { filter: { _id: 4 } } }])`,
    check: has({ insertedCount: 1, upsertedCount: 1, deletedCount: 1 }),
  },
  { name: 'createIndex', code: `db.goods.createIndex({ price: 1, name: -1 })`, check: same('price_1_name_-1') },
  {
    name: 'a unique index',
    code: `db.goods.createIndex({ name: 1 }, { unique: true, name: 'by name' })`,
    check: same('by name'),
  },
  {
    name: 'getIndexes',
    code: 'db.goods.getIndexes()',
    check: same([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { price: 1, name: -1 }, name: 'price_1_name_-1' },
      { v: 2, key: { name: 1 }, name: 'by name', unique: true },
    ]),
  },
  {
    name: 'a duplicate key',
    code: `db.goods.insertOne({ _id: 6, name: 'bell' })`,
    refused: true,
    check: has({ code: 11000 }),
  },
  {
    name: 'explain of a find',
    code: `db.goods.find({ price: { $gt: 10 } }).explain('executionStats')`,
    check: has({
      queryPlanner: { winningPlan: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'price_1_name_-1' } } },
      executionStats: { nReturned: 4, totalKeysExamined: 4 },
    }),
  },
  {
    name: 'explain of an update changes nothing',
    code: `db.goods.explain().findOneAndUpdate({ name: 'bell' }, { $set: { price: 0 } });
      db.goods.findOne({ name: 'bell' }).price`,
    check: same(12),
  },
  {
    name: 'aggregate',
    code: `db.goods.aggregate([{ $match: { stock: { $gt: 0 } } },
      { $group: { _id: null, worth: { $sum: { $multiply: ['$price', '$stock'] } }, kinds: { $sum: 1 } } }]).toArray()`,
    check: same([{ _id: null, worth: 1098, kinds: 3 }]),
  },
  { name: 'countDocuments', code: 'db.goods.countDocuments({ stock: 0 })', check: same(1) },
  { name: 'estimatedDocumentCount', code: 'db.goods.estimatedDocumentCount()', check: same(4) },
  { name: 'distinct', code: `db.goods.distinct('tags')`, check: same(['blue', 'brass', 'led']) },
  { name: 'stats of a collection', code: 'db.goods.stats()', check: has({ ns: 'shop.goods', count: 4, nindexes: 3 }) },
  { name: 'stats of the database', code: 'db.stats()', check: has({ db: 'shop', collections: 1, objects: 4 }) },
  { name: 'validate', code: 'db.goods.validate()', check: has({ valid: true, nrecords: 4, nIndexes: 3 }) },
  {
    name: 'a transaction that is aborted',
    code: transaction('abortTransaction'),
    check: same({ outside: 0, stored: 0, stock: 2 }),
  },
  {
    name: 'a transaction that is committed',
    code: transaction('commitTransaction'),
    check: same({ outside: 0, stored: 1, stock: 3 }),
  },
  {
    name: 'what is not supported is refused by name',
    code: `db.goods.find({ $where: 'true' }).toArray()`,
    refused: true,
    check: (told) => assert.match(told.message, /\$where/),
  },
  { name: 'dropIndex', code: `db.goods.dropIndex('by name')`, check: has({ nIndexesWas: 3 }) },
  { name: 'drop', code: 'db.goods.drop()', check: same(true) },
  { name: 'dropDatabase', code: 'db.dropDatabase()', check: has({ ok: 1 }) },
];
