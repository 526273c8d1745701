import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import * as lmdb from 'lmdb';

const opened: lmdb.RootDatabaseOptionsWithPath[] = [];

// A kill leaves what the system has not written yet; that commits wait for the disk shows in how LMDB is opened only.
jest.unstable_mockModule('lmdb', () => ({
  ...lmdb,
  open: (options: lmdb.RootDatabaseOptionsWithPath) => {
    opened.push(options);
    return lmdb.open(options);
  },
}));

const directories = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'store-test-')));

afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

test('a commit is acknowledged after its flush, unless that is switched off', async () => {
  const { openData } = await import('../../../../embedded/store/storage/open-data.js');
  for (const [at, directory] of directories.entries()) {
    const { environment } = await openData(directory, at === 0 ? {} : { flush: false });
    await environment.close();
  }
  const shown = opened.map(({ noSync, noMetaSync, overlappingSync }) => ({ noSync, noMetaSync, overlappingSync }));
  expect(shown).toEqual([
    { noSync: false, noMetaSync: undefined, overlappingSync: false },
    { noSync: true, noMetaSync: undefined, overlappingSync: false },
  ]);
});
