import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { runOffline } from '../../../../embedded/store/commands/offline.js';
import { lockDirectory } from '../../../../embedded/store/storage/data-directory.js';
import { openData } from '../../../../embedded/store/storage/open-data.js';
import { documentKey, wholeRange } from '../../../../embedded/store/storage/keys.js';
import { failure, ObjectId, openStore, removeDirectories, temporaryDirectory } from './support/stores.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = join(temporaryDirectory(), 'data');
  const context = await openStore({ dataDir });
  const rows = context.client.db('hub').collection<mongoose.mongo.Document & { _id: number }>('rows/odd');
  await rows.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { key: { $type: 'string' } } });
  await rows.createIndex({ tags: 1, at: -1 });
  await rows.insertMany(
    Array.from({ length: 700 }, (_, n) => ({
      _id: n,
      key: `k${n}`,
      tags: ['a', `t${n % 7}`],
      at: new Date(n),
      id: new ObjectId(),
    })),
  );
  await context.client.db('hub').createCollection('empty');
  await context.client.close();
  await context.store.close();
});

afterEach(removeDirectories);

test('a dump restores to the same documents and indexes', async () => {
  const out = join(temporaryDirectory(), 'dump');
  expect(await runOffline(dataDir, { tool: 'dump', directory: out })).toEqual({
    ok: true,
    lines: ['dump: 2 collections, 700 documents'],
  });
  const metadata = JSON.parse(readFileSync(join(out, 'hub', 'rows%2Fodd.metadata.json'), 'utf8'));
  expect(metadata.indexes.map(({ name }: { name: string }) => name)).toEqual(['_id_', 'key_1', 'tags_1_at_-1']);
  expect(statSync(join(out, 'hub', 'empty.bson')).size).toBe(0);

  const copy = join(temporaryDirectory(), 'copy');
  await runOffline(copy, { tool: 'restore', directory: out, replace: false });
  expect((await failure(runOffline(copy, { tool: 'restore', directory: out, replace: false }))).message).toContain(
    '--drop',
  );
  await runOffline(copy, { tool: 'restore', directory: out, replace: true });
  expect((await runOffline(copy, { tool: 'verify', repair: false })).ok).toBe(true);

  const [before, after] = await Promise.all([openStore({ dataDir }), openStore({ dataDir: copy })]);
  const all = (context: typeof before) =>
    context.client.db('hub').collection('rows/odd').find({}, { raw: true }).toArray();
  expect(await all(after)).toEqual(await all(before));
  const rows = after.client.db('hub').collection('rows/odd');
  expect(await rows.countDocuments({ tags: 't3' })).toBe(100);
  expect(await failure(rows.insertOne({ key: 'k5' }))).toMatchObject({ code: 11000 });
  for (const context of [before, after]) {
    await context.client.close();
    await context.store.close();
  }
});

test('a cut-off dump is refused', async () => {
  const from = temporaryDirectory();
  mkdirSync(join(from, 'db'));
  writeFileSync(join(from, 'db', 'c.bson'), mongoose.mongo.BSON.serialize({ _id: 1 }).subarray(0, 10));
  expect((await failure(runOffline(dataDir, { tool: 'restore', directory: from, replace: false }))).message).toContain(
    'middle of a document',
  );
});

test('verify finds faults, repair removes them', async () => {
  const lock = await lockDirectory(dataDir);
  const { environment, store } = await openData(dataDir);
  const collection = store.catalog.find('hub', 'rows/odd');
  const [, key, tags] = collection?.indexes ?? [];
  await environment.write((writer) => {
    for (const { key: entry } of writer.range('indexes', wholeRange(tags?.id ?? 0), 3)) writer.remove('indexes', entry);
    writer.put('indexes', Buffer.concat([wholeRange(key?.id ?? 0).low, Buffer.from('stray')]), Buffer.alloc(8));
    writer.put('documents', documentKey(999, 1), Buffer.from('nobody'));
    const [first] = writer.range('documents', wholeRange(collection?.id ?? 0), 1);
    if (first !== undefined) writer.put('documents', first.key, Buffer.from('not a document'));
  });
  await environment.close();
  await lock.release();

  const found = await runOffline(dataDir, { tool: 'verify', repair: false });
  expect(found.ok).toBe(false);
  expect(found.lines.join('\n')).toMatch(/record 1 is unreadable/);
  expect(found.lines.join('\n')).toMatch(/index tags_1_at_-1 lacks record/);
  expect(found.lines.join('\n')).toMatch(/index key_1 has/);
  expect(found.lines.join('\n')).toMatch(/documents under number 999 belong to no collection/);
  await runOffline(dataDir, { tool: 'verify', repair: true });
  expect(await runOffline(dataDir, { tool: 'verify', repair: false })).toMatchObject({
    ok: true,
    lines: [expect.stringContaining('0 problems')],
  });
});
