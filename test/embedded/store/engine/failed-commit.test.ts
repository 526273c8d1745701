import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Catalog } from '../../../../embedded/store/storage/catalog.js';
import { Environment, type Writer } from '../../../../embedded/store/storage/environment.js';
import { buildIndexes, settleBuilds } from '../../../../embedded/store/storage/index-build.js';
import { Store } from '../../../../embedded/store/storage/store.js';
import { Doc, encodeDoc } from '../../../../embedded/store/values/index.js';
import { failure, removeDirectories, temporaryDirectory } from './support/stores.js';

let environment: Environment;
let store: Store;
/** Makes the next commit fail; the failure is told when the returned function is called. */
let failNext: () => () => void;

beforeEach(() => {
  environment = Environment.open(temporaryDirectory());
  let told: Promise<void> | undefined;
  failNext = () => {
    let tell = (): void => undefined;
    told = new Promise((resolve) => (tell = resolve));
    return tell;
  };
  const fragile = Object.create(environment) as Environment;
  fragile.write = async <T>(work: (writer: Writer) => T): Promise<T> => {
    if (told === undefined) return environment.write(work);
    const wait = told;
    told = undefined;
    work(Object.assign(Object.create(environment) as Environment, { put: () => undefined, remove: () => undefined }));
    await wait;
    throw new Error('MDB_MAP_FULL');
  };
  store = new Store(fragile);
});

afterEach(async () => {
  await environment.close();
  removeDirectories();
});

const onDisk = (): Catalog => new Catalog(environment);

const index = Doc.of([
  ['v', 2],
  ['key', Doc.of([['n', 1]])],
  ['name', 'n_1'],
]);

async function fill(count: number): Promise<void> {
  const collection = await store.createCollection('db', 'rows');
  await store.write((target) => {
    for (let n = 0; n < count; n += 1) {
      const doc = Doc.of([
        ['_id', n],
        ['n', n],
      ]);
      target.insert(collection, encodeDoc(doc) as Buffer, doc);
    }
  });
}

describe('a commit that fails after the next one was made', () => {
  test('leaves no collection in memory that is not on disk', async () => {
    const tell = failNext();
    const first = failure(store.createCollection('db', 'rows'));
    const second = await store.createCollection('db', 'rows');
    tell();
    expect(await first).toMatchObject({ code: 14031 });
    expect(onDisk().find('db', 'rows')?.id).toBe(second.id);
    expect(store.catalog.find('db', 'rows')).toBe(second);
  });

  test('takes nothing from memory that is on disk', async () => {
    const tell = failNext();
    const first = failure(store.createCollection('db', 'one'));
    const second = store.createCollection('db', 'two');
    await second;
    tell();
    await first;
    expect(store.catalog.all().map(({ name }) => name)).toEqual(['two']);
    expect(
      onDisk()
        .all()
        .map(({ id }) => id),
    ).toEqual([(await second).id]);
  });

  test('does not undo a drop, nor do one by half', async () => {
    await fill(1);
    const dropped = store.catalog.find('db', 'rows');
    const tell = failNext();
    const dropping = failure(
      store.writeOnce(({ writer }) => (dropped === undefined ? undefined : store.catalog.drop(writer, dropped))),
    );
    tell();
    await dropping;
    expect(store.catalog.find('db', 'rows')?.dropped).toBe(false);
    expect(store.catalog.trash()).toEqual([]);
  });

  test('does not come between an index build and its end', async () => {
    await fill(1200);
    const collection = await store.createCollection('db', 'rows');
    const building = buildIndexes(store, collection, [index]);
    await store.writeOnce(() => undefined);
    const tell = failNext();
    const failed = failure(store.createCollection('db', 'other'));
    tell();
    await Promise.all([building.catch(() => undefined), failed]);
    await settleBuilds(store, collection);
    if (collection.indexes.length === 1) await buildIndexes(store, collection, [index]);
    const stored = onDisk().find('db', 'rows')?.indexes[1];
    expect(stored?.ready).toBe(true);
    expect(collection.indexes[1]).toMatchObject({ id: stored?.id, ready: true });
  });
});
