import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codeOf, openTarget, plainRows, type Row, type Rows, type Target } from './target.js';

let target: Target;
let rows: Rows;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());
beforeEach(async () => {
  rows = await plainRows(target, [
    { n: 1, tags: ['a'] },
    { n: 2, tags: ['a', 'b'] },
    { n: 2, tags: [] },
  ]);
});

type Command = (name: string) => Row;

const run = (command: Row): Promise<Row> => target.db.command(command);
const admin = (command: Row): Promise<Row> => target.db.admin().command(command);
const full = (name: string): string => `${target.db.databaseName}.${name}`;
const batchOf = (reply: Row): Row[] => (reply['cursor'] as { firstBatch: Row[] }).firstBatch;
const indexNames = async (): Promise<unknown[]> =>
  batchOf(await run({ listIndexes: rows.collectionName })).map(({ name }) => name);

const create = (key: Row, options: Row = {}): Command => {
  const name = Object.entries(key).flat().join('_');
  return (createIndexes) => ({ createIndexes, indexes: [{ key, name, ...options }] });
};

/** [what the source says, page, commands that are run before, command, code]. */
type Refusal = [says: string, page: string, before: Command[], command: Command, code: number];

const refusals: Refusal[] = [
  ['no indexes', 'command/createIndexes', [], (createIndexes) => ({ createIndexes, indexes: [] }), 2],
  ['an index without keys', 'command/createIndexes', [], create({}, { name: 'empty' }), 67],
  ['direction 0', 'command/createIndexes', [], create({ n: 0 }), 67],
  ['an unknown kind', 'command/createIndexes', [], create({ n: 'bogus' }), 67],
  ['an unknown option', 'command/createIndexes', [], create({ n: 1 }, { bogus: true }), 197],
  ['a name of another type', 'command/createIndexes', [], create({ n: 1 }, { name: 5 }), 14],
  ['the same name for other keys', 'command/createIndexes', [create({ n: 1 })], create({ m: 1 }, { name: 'n_1' }), 86],
  ['the same name, now unique', 'command/createIndexes', [create({ n: 1 })], create({ n: 1 }, { unique: true }), 86],
  ['the same keys by another name', 'command/createIndexes', [create({ n: 1 })], create({ n: 1 }, { name: 'x' }), 85],
  ['a unique index over duplicates', 'core/index-unique', [], create({ n: 1 }, { unique: true }), 11000],
  ['sparse and partial', 'core/index-partial', [], create({ n: 1 }, { sparse: true, partialFilterExpression: {} }), 67],
  [
    'a partial filter with $nin',
    'core/index-partial',
    [],
    create({ n: 1 }, { partialFilterExpression: { n: { $nin: [1] } } }),
    67,
  ],
  ['a TTL index on two fields', 'core/index-ttl', [], create({ n: 1, m: 1 }, { expireAfterSeconds: 5 }), 67],
  ['a negative lifetime', 'core/index-ttl', [], create({ n: 1 }, { expireAfterSeconds: -5 }), 67],
  ['a TTL index on _id', 'core/index-ttl', [], create({ _id: 1 }, { expireAfterSeconds: 5 }), 197],
  ['an unknown index', 'command/dropIndexes', [], (dropIndexes) => ({ dropIndexes, index: 'x' }), 27],
  ['unknown keys', 'command/dropIndexes', [], (dropIndexes) => ({ dropIndexes, index: { x: 1 } }), 27],
  ['the index on _id', 'command/dropIndexes', [], (dropIndexes) => ({ dropIndexes, index: '_id_' }), 72],
  ['indexes of no collection', 'command/dropIndexes', [], () => ({ dropIndexes: 'nowhere', index: '*' }), 26],
  ['no collection', 'command/listIndexes', [], () => ({ listIndexes: 'nowhere' }), 26],
  ['no collection', 'command/collMod', [], () => ({ collMod: 'nowhere' }), 26],
  [
    'an unknown index',
    'command/collMod',
    [],
    (collMod) => ({ collMod, index: { name: 'x', expireAfterSeconds: 5 } }),
    27,
  ],
  ['an index without change', 'command/collMod', [], (collMod) => ({ collMod, index: { name: '_id_' } }), 72],
  ['no collection', 'command/validate', [], () => ({ validate: 'nowhere' }), 26],
  ['a key that is no text', 'command/distinct', [], (distinct) => ({ distinct, key: 1 }), 14],
  ['no key', 'command/distinct', [], (distinct) => ({ distinct }), 40414],
  ['a query that is no document', 'command/count', [], (count) => ({ count, query: 1 }), 14],
  ['a negative skip', 'command/count', [], (count) => ({ count, skip: -1 }), 51024],
  ['a hint that names no index', 'command/count', [], (count) => ({ count, query: { n: 1 }, hint: 'x' }), 2],
  ['an unknown verbosity', 'command/explain', [], (find) => ({ explain: { find }, verbosity: 'bogus' }), 2],
  ['an unknown command', 'reference/error-codes', [], (bogus) => ({ bogus }), 59],
  ['listDatabases elsewhere', 'command/listDatabases', [], () => ({ listDatabases: 1 }), 13],
  ['renameCollection elsewhere', 'command/renameCollection', [], (name) => ({ renameCollection: name, to: 'x' }), 13],
];

describe('what fails', () => {
  test.each(refusals)('%s (%s)', async (_says, _page, before, command, code) => {
    for (const earlier of before) await run(earlier(rows.collectionName));
    expect(await codeOf(run(command(rows.collectionName)))).toBe(code);
    expect(await rows.countDocuments()).toBe(3);
  });

  test.each<[string, string, Command, number]>([
    ['of no collection', 'x', () => ({ renameCollection: full('nowhere'), to: full('x') }), 26],
    ['to a name that is taken', 'x', (name) => ({ renameCollection: full(name), to: full('taken') }), 48],
    ['to a name without database', 'x', (name) => ({ renameCollection: full(name), to: 'x' }), 73],
    ['of a name without database', 'x', () => ({ renameCollection: 'x', to: full('x') }), 73],
    ['to itself', 'x', (name) => ({ renameCollection: full(name), to: full(name) }), 20],
  ])('renameCollection %s (command/renameCollection)', async (_says, _page, command, code) => {
    await target.db.collection('taken').insertOne({});
    expect(await codeOf(admin(command(rows.collectionName)))).toBe(code);
    await target.db.collection('taken').drop();
  });
});

describe('indexes', () => {
  test('one that is there already is no error (command/createIndexes)', async () => {
    const index = create({ n: 1 })(rows.collectionName);
    expect(await run(index)).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2, ok: 1 });
    const again = await run(index);
    expect(again).toMatchObject({ numIndexesBefore: 2, numIndexesAfter: 2, note: 'all indexes already exist' });
  });

  test('of a new collection create it (command/createIndexes)', async () => {
    const reply = await run(create({ n: 1 })('made_by_index'));
    expect(reply).toMatchObject({ createdCollectionAutomatically: true, numIndexesBefore: 1, numIndexesAfter: 2 });
  });

  test('a unique index that fails leaves nothing (core/index-unique)', async () => {
    await codeOf(run(create({ n: 1 }, { unique: true })(rows.collectionName)));
    expect(await indexNames()).toEqual(['_id_']);
  });

  test('listIndexes tells the options (command/listIndexes)', async () => {
    await run(create({ n: 1, m: -1 }, { sparse: true })(rows.collectionName));
    await run(create({ at: 1 }, { expireAfterSeconds: 60, hidden: true })(rows.collectionName));
    expect(batchOf(await run({ listIndexes: rows.collectionName }))).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { n: 1, m: -1 }, name: 'n_1_m_-1', sparse: true },
      { v: 2, key: { at: 1 }, name: 'at_1', expireAfterSeconds: 60, hidden: true },
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['by name', 'n_1', ['_id_', 'm_1', 'o_1']],
    ['by keys', { m: 1 }, ['_id_', 'n_1', 'o_1']],
    ['by several names', ['n_1', 'm_1'], ['_id_', 'o_1']],
    ['all but that on _id', '*', ['_id_']],
  ])('are dropped %s (command/dropIndexes)', async (_says, index, left) => {
    for (const field of ['n', 'm', 'o']) await run(create({ [field]: 1 })(rows.collectionName));
    expect(await run({ dropIndexes: rows.collectionName, index })).toMatchObject({ nIndexesWas: 4, ok: 1 });
    expect(await indexNames()).toEqual(left);
  });

  test('collMod changes a lifetime, and tells both (command/collMod)', async () => {
    await run(create({ at: 1 }, { expireAfterSeconds: 60 })(rows.collectionName));
    const index = { keyPattern: { at: 1 }, expireAfterSeconds: 90 };
    expect(await run({ collMod: rows.collectionName, index })).toMatchObject({
      expireAfterSeconds_old: 60,
      expireAfterSeconds_new: 90,
    });
    expect(batchOf(await run({ listIndexes: rows.collectionName }))[1]).toMatchObject({ expireAfterSeconds: 90 });
  });

  test('a hidden index is not used, and may be shown again (core/index-hidden)', async () => {
    await run(create({ n: 1 })(rows.collectionName));
    const stage = async (): Promise<string> => {
      const reply = await run({ explain: { find: rows.collectionName, filter: { n: 2 } }, verbosity: 'queryPlanner' });
      return JSON.stringify((reply['queryPlanner'] as Row)['winningPlan']);
    };
    expect(await stage()).toContain('IXSCAN');
    await run({ collMod: rows.collectionName, index: { name: 'n_1', hidden: true } });
    expect(await stage()).toContain('COLLSCAN');
    await run({ collMod: rows.collectionName, index: { name: 'n_1', hidden: false } });
    expect(await stage()).toContain('IXSCAN');
  });
});

describe('a hint of a partial index (core/index-partial; server: the planner then walks the hinted index)', () => {
  test('is followed, and answers what the index holds', async () => {
    const options = { partialFilterExpression: { n: { $gt: 1 } } };
    await run(create({ tags: 1 }, options)(rows.collectionName));
    const found = async (fields: Row): Promise<unknown[]> =>
      batchOf(await run({ find: rows.collectionName, ...fields, sort: { _id: 1 } })).map(({ _id }) => _id);
    expect(await found({ filter: {}, hint: 'tags_1' })).toEqual(await found({ filter: { n: { $gt: 1 } } }));
    expect(await found({ filter: { n: 1 }, hint: 'tags_1' })).toEqual([]);
    expect((await run({ count: rows.collectionName, query: { n: 1 }, hint: 'tags_1' }))['n']).toBe(0);
  });
});

describe('explain of a pipeline (reference/explain-results)', () => {
  const explained = (pipeline: Row[], verbosity = 'queryPlanner'): Promise<Row> =>
    run({ explain: { aggregate: rows.collectionName, pipeline, cursor: {} }, verbosity });

  test('lists the stages behind what the query does', async () => {
    const group = { $group: { _id: '$n', c: { $sum: 1 } } };
    const reply = await explained([{ $match: { n: 2 } }, { $sort: { n: 1 } }, group, { $limit: 1 }], 'executionStats');
    const [cursor, ...others] = reply['stages'] as Row[];
    expect(Object.keys((cursor as Row)['$cursor'] as Row)).toEqual(['queryPlanner', 'executionStats']);
    expect(others.map((stage) => Object.keys(stage)[0])).toEqual(['$group', '$limit']);
    expect(reply).not.toHaveProperty('queryPlanner');
  });

  test('is that of a find when a query does everything', async () => {
    const reply = await explained([{ $match: { n: 2 } }, { $sort: { n: 1 } }, { $skip: 1 }, { $limit: 1 }]);
    expect(reply).toHaveProperty('queryPlanner');
    expect(reply).not.toHaveProperty('stages');
  });
});

describe('counting (command/count)', () => {
  test.each<[string, Row, number]>([
    ['everything', {}, 3],
    ['what matches', { query: { n: 2 } }, 2],
    ['at most limit', { query: { n: 2 }, limit: 1 }, 1],
    ['a negative limit is as the positive one', { limit: -2 }, 2],
    ['after skip', { skip: 2 }, 1],
    ['after a skip beyond the end', { skip: 9 }, 0],
    ['array elements', { query: { tags: 'a' } }, 2],
    ['by hint', { query: { n: 2 }, hint: 'n_1' }, 2],
    ['by hint in natural order', { query: { n: 2 }, hint: { $natural: 1 } }, 2],
  ])('%s', async (_says, fields, n) => {
    await run(create({ n: 1 })(rows.collectionName));
    await run(create({ tags: 1 })(rows.collectionName));
    expect((await run({ count: rows.collectionName, ...fields }))['n']).toBe(n);
  });

  test('of a collection that does not exist is 0', async () => {
    expect((await run({ count: 'nowhere' }))['n']).toBe(0);
  });
});

describe('distinct values (command/distinct)', () => {
  test.each<[string, Row, unknown[]]>([
    ['of a field', { key: 'n' }, [1, 2]],
    ['of array elements', { key: 'tags' }, ['a', 'b']],
    ['of what matches', { key: 'tags', query: { n: 1 } }, ['a']],
    ['of a field that is nowhere', { key: 'bogus' }, []],
    ['of an array place', { key: 'tags.1' }, ['b']],
  ])('%s', async (_says, fields, values) => {
    expect((await run({ distinct: rows.collectionName, ...fields }))['values']).toEqual(values);
    await run(create({ n: 1 })(rows.collectionName));
    await run(create({ tags: 1 })(rows.collectionName));
    expect((await run({ distinct: rows.collectionName, ...fields }))['values']).toEqual(values);
  });
});

describe('collections', () => {
  test.each<[string, Row, boolean]>([
    ['by name', { filter: { name: 'listed' } }, false],
    ['by pattern', { filter: { name: { $regex: '^lis' } } }, false],
    ['names only', { filter: { name: 'listed' }, nameOnly: true }, true],
    ['by type', { filter: { name: 'listed', type: 'collection' } }, false],
  ])('are listed %s (command/listCollections)', async (_says, fields, nameOnly) => {
    await target.db.createCollection('listed').catch(() => undefined);
    const [found, ...others] = batchOf(await run({ listCollections: 1, ...fields }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ name: 'listed', type: 'collection' });
    expect(found?.['idIndex']).toEqual(nameOnly ? undefined : { v: 2, key: { _id: 1 }, name: '_id_' });
  });

  test('a dropped one tells its indexes; a missing one is no error since 7.0 (command/drop)', async () => {
    const reply = await run({ drop: rows.collectionName });
    expect(reply).toMatchObject({ nIndexesWas: 1, ns: full(rows.collectionName), ok: 1 });
    expect(await run({ drop: rows.collectionName })).toMatchObject({ ok: 1 });
  });

  test('a renamed one keeps documents and indexes; dropTarget removes the other (command/renameCollection)', async () => {
    await run(create({ n: 1 })(rows.collectionName));
    await target.db.collection('old').insertOne({});
    await admin({ renameCollection: full(rows.collectionName), to: full('old'), dropTarget: true });
    rows = target.db.collection('old');
    expect(await rows.countDocuments()).toBe(3);
    expect(await indexNames()).toEqual(['_id_', 'n_1']);
    await rows.drop();
  });

  test('collStats counts (command/collStats)', async () => {
    const reply = await run({ collStats: rows.collectionName });
    expect(reply).toMatchObject({ ns: full(rows.collectionName), count: 3, nindexes: 1, capped: false, ok: 1 });
    expect(Object.keys(reply['indexSizes'] as Row)).toEqual(['_id_']);
  });

  test('collStats of none is zero (command/collStats)', async () => {
    expect(await run({ collStats: 'nowhere' })).toMatchObject({ count: 0, size: 0, nindexes: 0 });
  });

  test('dbStats counts (command/dbStats)', async () => {
    const reply = await run({ dbStats: 1 });
    expect(reply['db']).toBe(target.db.databaseName);
    for (const field of ['collections', 'objects', 'indexes']) expect(Number(reply[field])).toBeGreaterThan(0);
    expect(await target.connected(`${target.db.databaseName}_none`).command({ dbStats: 1 })).toMatchObject({
      collections: 0,
      objects: 0,
    });
  });

  test('validate counts keys (command/validate)', async () => {
    await run(create({ tags: 1 })(rows.collectionName));
    const reply = await run({ validate: rows.collectionName });
    expect(reply).toMatchObject({ ns: full(rows.collectionName), nrecords: 3, nIndexes: 2, valid: true, errors: [] });
    expect(reply['keysPerIndex']).toEqual({ _id_: 3, tags_1: 4 });
  });

  test('dropDatabase tells what it dropped (command/dropDatabase)', async () => {
    const other = target.connected(`${target.db.databaseName}_other`);
    await other.collection('x').insertOne({});
    expect(await other.command({ dropDatabase: 1 })).toMatchObject({ dropped: other.databaseName, ok: 1 });
    expect(await other.listCollections().toArray()).toEqual([]);
  });
});

/** [command, fields it answers with, of these types]: the page of the same name under reference/command. */
const told: [command: Row, fields: Record<string, string>][] = [
  [{ hello: 1 }, { isWritablePrimary: 'boolean', setName: 'string', maxBsonObjectSize: 'number', localTime: 'object' }],
  [{ isMaster: 1 }, { ismaster: 'boolean', maxWireVersion: 'number', logicalSessionTimeoutMinutes: 'number' }],
  [{ buildInfo: 1 }, { version: 'string', versionArray: 'object', bits: 'number', maxBsonObjectSize: 'number' }],
  [{ connectionStatus: 1 }, { authInfo: 'object' }],
  [{ whatsmyuri: 1 }, { you: 'string' }],
  [{ hostInfo: 1 }, { system: 'object', os: 'object', extra: 'object' }],
  [{ serverStatus: 1 }, { host: 'string', version: 'string', uptime: 'number', connections: 'object' }],
  [{ getCmdLineOpts: 1 }, { argv: 'object', parsed: 'object' }],
  [{ getLog: '*' }, { names: 'object' }],
  [{ getLog: 'startupWarnings' }, { totalLinesWritten: 'number', log: 'object' }],
  [{ getParameter: 1, featureCompatibilityVersion: 1 }, { featureCompatibilityVersion: 'object' }],
  [{ getParameter: 1, transactionLifetimeLimitSeconds: 1 }, { transactionLifetimeLimitSeconds: 'number' }],
  [{ listDatabases: 1 }, { databases: 'object', totalSize: 'number' }],
  [{ listDatabases: 1, nameOnly: true }, { databases: 'object' }],
  [{ ping: 1 }, {}],
];

describe('about the server (reference/command)', () => {
  test.each(told)('%j', async (command, fields) => {
    const reply = await admin(command);
    expect(reply['ok']).toBe(1);
    for (const [field, type] of Object.entries(fields)) expect([field, typeof reply[field]]).toEqual([field, type]);
  });

  test('listDatabases filters (command/listDatabases)', async () => {
    const reply = await admin({ listDatabases: 1, filter: { name: target.db.databaseName } });
    expect((reply['databases'] as Row[]).map(({ name }) => name)).toEqual([target.db.databaseName]);
  });
});

describe('operations', () => {
  const self = { 'command.currentOp': 1 };

  test('currentOp shows what is running, itself too (command/currentOp)', async () => {
    const { inprog } = (await admin({ currentOp: 1, $ownOps: true, ...self })) as { inprog: Row[] };
    expect(inprog).toHaveLength(1);
    expect(inprog[0]).toMatchObject({
      type: 'op',
      active: true,
      op: 'command',
      ns: 'admin.$cmd',
      opid: expect.any(Number),
      connectionId: expect.any(Number),
      client: expect.any(String),
      command: { currentOp: 1 },
    });
    expect(Number(inprog[0]?.['secs_running'])).toBeLessThan(60);
    expect(Number(inprog[0]?.['microsecs_running'])).toBeGreaterThanOrEqual(0);
  });

  test('its other fields are a filter (command/currentOp)', async () => {
    expect(await admin({ currentOp: 1, ...self, secs_running: { $gt: 3600 } })).toMatchObject({ inprog: [] });
    expect(await codeOf(admin({ currentOp: 1, opid: { $bogus: 1 } }))).toBe(2);
  });

  test('killOp reports success for an operation that has ended (command/killOp)', async () => {
    expect(await admin({ killOp: 1, op: 2_000_000_000 })).toMatchObject({ info: 'attempting to kill op', ok: 1 });
  });

  test.each<[string, Row, number]>([
    ['no number', {}, 4],
    ['a number that is text', { op: 'x' }, 14],
    ['a number above 32 bits', { op: 2 ** 40 }, 26823],
  ])('killOp with %s (command/killOp)', async (_says, fields, code) => {
    expect(await codeOf(admin({ killOp: 1, ...fields }))).toBe(code);
  });

  test.each<Row>([{ currentOp: 1 }, { killOp: 1, op: 1 }])('%j elsewhere than on admin is 13', async (command) => {
    expect(await codeOf(run(command))).toBe(13);
  });
});
